"""
Files that others wrote: read whole within bounds, or a reason that names the line. No file brings this program down.

A file is no larger and no deeper than one of its kind can be, without tags and with few repetitions (`*name`):
what would grow when it is read is refused before it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from config.encodings import Unreadable

LARGEST = 1_000_000
"""Bytes of one file. The largest that is shipped has thirty thousand."""
MOST_VALUES = 50_000
"""Values of one file, a repeated one counted as often as it stands there: a thousand people have thirty thousand."""
DEEPEST = 20
"""Values inside values; ours have seven."""

_QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Plain values only; the same loader in C where the wheel has it."""


# --------------------------------------------------------------------------- bytes and letters


def bytes_of(file: Traversable) -> bytes:
    """What a file holds. Raises Unreadable for one that is none, is too large or may not be read."""
    held, none = b"", ""
    try:
        if file.is_file():  # A pipe or a device would be read for ever.
            with file.open("rb") as opened:
                held = opened.read(LARGEST + 1)
        else:
            none = f"cannot be read: it {'is no file' if _exists(file) else 'is not there'}"
    except OSError as error:
        raise Unreadable("(file)", f"cannot be read: {error.strerror or 'the machine does not say why'}") from None
    except ValueError:  # A null in its name.
        raise Unreadable("(file)", "cannot be read: no file can have this name") from None
    if none:
        raise Unreadable("(file)", none)
    return within(held)


def within(held: bytes) -> bytes:
    """The same bytes. Raises Unreadable for more than a file may have."""
    if len(held) > LARGEST:
        raise Unreadable("(file)", f"is larger than {LARGEST:,} bytes")
    return held


def _exists(file: Traversable) -> bool:
    return file.exists() if isinstance(file, Path) else file.is_dir()


# --------------------------------------------------------------------------- YAML


class _Bounded:
    """What both loaders share: a value that cannot be made of its text is a fault of its line."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """As the library does it; a number without digits or a key that is a list is said with its line."""
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
            raise Unreadable(_line(node.start_mark), "holds a value that cannot be read") from None


_YAML = "tag:yaml.org,2002:"
_PLAIN_NUMBERS = ((f"{_YAML}int", r"[-+]?(?:0|[1-9][0-9]*)$"), (f"{_YAML}float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$"))
"""A number is one as people write it. For YAML 1.1 0123 is eighty-three and 18:00 one thousand and eighty."""


def _without(loader: Any, *kinds: str) -> dict[str, Any]:
    """The loader's table of what a bare word means, without these meanings."""
    tags = {f"{_YAML}{kind}" for kind in kinds}
    table = loader.yaml_implicit_resolvers
    return {sign: [(tag, words) for tag, words in known if tag not in tags] for sign, known in table.items()}


class _Values(_Bounded, _QUICK):  # type: ignore[misc]
    """Plain numbers, yes and no are such. A day, a time and 007 stay as they are written, and are judged later."""

    yaml_implicit_resolvers = _without(_QUICK, "timestamp", "int", "float", "value")


for _tag, _form in _PLAIN_NUMBERS:
    _Values.add_implicit_resolver(_tag, re.compile(_form), list("-+0123456789"))


class _Words(_Bounded, yaml.SafeLoader):
    """Whatever is written is words, `no`, `on` and `12` too; only what is left out, `null` and `~` are nothing."""

    yaml_implicit_resolvers = _without(yaml.SafeLoader, "timestamp", "bool", "int", "float", "merge", "value", "null")


_Words.add_implicit_resolver(f"{_YAML}null", re.compile(r"(?:~|null|)$"), ["~", "n", ""])


def values(text: str) -> Any:
    """The values of a YAML text. Raises Unreadable, for a key that is given twice too."""
    found = _left_out(text, MOST_VALUES, _loses_words) if _PERHAPS_LOST.search(text) else []
    return _loaded(text, _Values, MOST_VALUES, found)


def words(text: str, most: int) -> Any:
    """
    A form that somebody wrote by hand: words, lists and words by name. JSON is taken as it is.

    Raises Unreadable, for a question that is answered twice and for text that YAML would leave out, too.
    """
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, object_pairs_hook=_once)
        except Unreadable:
            places_in(text)  # Which says the line.
            raise
        except (ValueError, RecursionError):  # YAML has lists in braces too, and says the line.
            pass
    return _loaded(text, _Words, most, _left_out(text, most, lambda *_: True))


class Stands(NamedTuple):
    """Where something stands in a file, and the word that stands there, if it is one."""

    line: int
    word: str


def places_in(text: str) -> dict[tuple[str | int, ...], Stands]:
    """
    Where everything of a YAML or JSON text stands, by the path of its keys; nothing for a text that is neither.

    Raises Unreadable for a key that is given twice.
    """
    try:
        _within_bounds(text, _Values, MOST_VALUES)
        node = yaml.compose(text, Loader=_Values)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    if twice := _keys_given_twice(node):
        raise Unreadable.all_of(twice)
    return dict(_places(node, ()))


def _places(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Stands]]:
    entries: list[tuple[Any, Any, Any]] = []
    if isinstance(node, yaml.MappingNode):
        entries = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        entries = [(number, value, value) for number, value in enumerate(node.value)]
    for part, begins, value in entries:
        word = value.value if isinstance(value, yaml.ScalarNode) else ""
        yield (*path, part), Stands(begins.start_mark.line + 1, word)
        yield from _places(value, (*path, part))


def json_values(text: str) -> Any:
    """The values of a JSON text. Raises Unreadable, for a key that is given twice too."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {error.lineno}", f"is not JSON that can be read: {error.msg}") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("(file)", "holds a number that is too long") from None
    except RecursionError:
        raise Unreadable("(file)", f"has values inside values, more than {DEEPEST} deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable("(file)", f"'{_shown(name)}' is given twice")
        found[name] = value
    return found


def _loaded(text: str, kind: Any, most: int, found: list[Unreadable]) -> Any:
    """What a text holds. Raises Unreadable for what was found before, for keys given twice and for what it is not."""
    try:
        found = found + _within_bounds(text, kind, most)
        loader = kind(text)
        try:
            node = loader.get_single_node()
            found += _keys_given_twice(node)
            made = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except Unreadable as wrong:
        found.append(wrong)
    except yaml.MarkedYAMLError as error:
        found.append(Unreadable(_where(error, text), _in_words(str(error.problem))))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        why = "holds a control character, which cannot be seen: type the line again"
        found.append(Unreadable(f"line {line}", why))
    except yaml.YAMLError:
        found.append(Unreadable("(file)", "is not YAML that can be read"))
    except RecursionError:
        found.append(Unreadable("(file)", f"has values inside values, more than {DEEPEST} deep"))
    if found:
        raise Unreadable.all_of([_with_key(one, text) for one in found])
    return made


_KEY = re.compile(r"[ \t]*(?:-[ \t]+)?[\"']?([a-z][a-z0-9_]{0,59})[\"']?[ \t]*:(?:\s|$)")


def _with_key(wrong: Unreadable, text: str) -> Unreadable:
    """The same with the key under which its line stands, where one can be told."""
    (where, why), *_ = wrong.each
    if not where.startswith("line ") or "the key '" in why:
        return wrong
    above = reversed(text.splitlines()[: int(where.removeprefix("line "))])
    key = next((found.group(1) for line in above if (found := _KEY.match(line))), None)
    return Unreadable(where, f"{why} [{key}]") if key else wrong


_COLON = "has a second colon, no space after the one before, or other words where a key belongs: put text in quotes"
_TAB = "begins with a tab or a sign that has a meaning in YAML: use spaces, and quotes around text"
_SPACE = "has no space after a colon, or a text that goes on without quotes: write 'key: words', and quotes around text"
_INDENT = (
    "begins further in or out than the lines before it, or has words beside quotation marks: put the whole text in "
    "quotes, with '' for an apostrophe inside of '...' and \\\" for a quotation mark inside of \"...\""
)
_OPEN = "has quotation marks or brackets that are opened and not closed: put the whole text in quotes"
_NAME = "begins with a & or a *, which has a meaning in YAML: put the text in quotes"
_SIGN = "begins with a > or a |, which has a meaning in YAML: put the text in quotes"
_IN_WORDS = {
    "exceeded maximum nesting depth": f"has values inside values, more than {DEEPEST} deep",
    "mapping values are not allowed": _COLON,
    "cannot start any token": _TAB,
    "could not find expected ':'": _SPACE,
    "expected alphabetic or numeric character": _NAME,
    "expected chomping": _SIGN,
    "comment or a line break": _SIGN,
    "comment or line break": _SIGN,
    "but found another document": "begins a second part with ---: put the text in quotes",
    "sequence entries are not allowed": "begins with a dash, as an entry of a list: put the text in quotes",
    "expected <block end>": _INDENT,
    "did not find expected key": _INDENT,
    "did not find expected '-'": _INDENT,
    "unexpected end of stream": _OPEN,
    "expected ',' or": _OPEN,
    "unknown escape character": "has a \\ inside of \"...\": write \\\\ for it, or put the text in '...'",
}
"""What the library says most often, for whoever wrote the file."""


def _in_words(problem: str) -> str:
    known = (words for said, words in _IN_WORDS.items() if said in problem)
    return next(known, None) or f"is not YAML that can be read: {problem}"


def _where(error: yaml.MarkedYAMLError, text: str) -> str:
    """
    The line of a fault. What was opened and not closed is missed only later, at the end of the file perhaps, after its
    last line: the line is the one on which it was opened.
    """
    opened = error.context_mark if _in_words(str(error.problem)) == _OPEN else None
    mark = opened or error.problem_mark
    return f"line {min(mark.line + 1, max(len(text.splitlines()), 1))}" if mark else "(file)"


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}"


def _shown(name: Any) -> str:
    """The name of a key as far as it is one."""
    return "".join(sign for sign in str(name)[:60] if sign.isprintable())


def _within_bounds(text: str, kind: Any, most: int) -> list[Unreadable]:
    """
    Count what the text would become, without making it. Raises Unreadable where that is too much.

    Names that are given with an & and used nowhere are returned: they were meant as words.
    """
    unused: dict[str, Unreadable] = {}
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=kind):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise Unreadable(
                    _line(event.start_mark), f"'*{_shown(event.anchor)}' repeats itself or nothing: put text in quotes"
                )
            total += sizes[event.anchor]
            unused.pop(str(event.anchor), None)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor is not None:
                sizes[anchor] = total - before
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.tag is not None:
                raise Unreadable(
                    _line(event.start_mark), "has a tag ('!'), which no file here needs: put text in quotes"
                )
            total += 1
            if event.anchor is not None:
                why = "has a name with an & that would be left out: put the text in quotes"
                unused[event.anchor] = Unreadable(_line(event.start_mark), why)
            if isinstance(event, yaml.CollectionStartEvent):
                opened.append((event.anchor, total - 1))
                sizes.pop(str(event.anchor), None)
            elif event.anchor is not None:
                sizes[event.anchor] = 1
        if len(opened) > DEEPEST:
            raise Unreadable(_line(event.start_mark), f"stands inside other values, more than {DEEPEST} deep")
        if total > most:
            raise Unreadable(_line(event.start_mark), f"the file holds more than {most:,} values")
    return list(unused.values())


def _keys_given_twice(node: Any) -> list[Unreadable]:
    """Each key that stands twice in one place, and each that is no word. Raises Unreadable for none."""
    found: list[Unreadable] = []
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            found += _keys_given_twice(entry)
    if not isinstance(node, yaml.MappingNode):
        return found
    first: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            found.append(Unreadable(_line(key.start_mark), "a key must be a word, and is a list or holds keys itself"))
            continue
        if key.value in first:
            why = f"the key '{_shown(key.value)}' is given twice, first on line {first[key.value]}: keep one of them"
            found.append(Unreadable(_line(key.start_mark), why))
        first.setdefault(key.value, key.start_mark.line + 1)
        found += _keys_given_twice(value)
    return found


# --------------------------------------------------------------------------- words that YAML would leave out

_COMMENT = re.compile(r"([ \t]+)#(.?)")
_PERHAPS_LOST = re.compile(r"^[ \t]*[^\s#].*?(?:\S[ \t]#|[ \t]#[^\s#])", re.M)
"""A line that may have words after a «#» which are no remark."""


def _loses_words(value: str, before: str, after: str) -> bool:
    """
    Whether what follows a «#» is perhaps no remark: «Flat #4», «Flat # 4» and not `agree: 2  # of three`.

    A remark beside words has two spaces before its sign and one after it, as yamllint asks by default.
    """
    return not (not after or after.isspace() or after == "#") or (before == " " and _is_text(value))


def _is_text(value: str) -> bool:
    return " " in value or any(sign.isupper() for sign in value)


def _left_out(text: str, most: int, loses: Callable[[str, str, str], bool]) -> list[Unreadable]:
    """Each line where words without quotes are followed by a «#»: YAML would drop what comes after it."""
    found = []
    try:
        # Not the loader in C, whose marks count otherwise.
        events: Iterator[Any] = yaml.parse(text, Loader=_Words)
        for count, event in enumerate(events):
            if count > 3 * most:
                break  # Too many, which is said in its place.
            plain = isinstance(event, yaml.ScalarEvent) and not event.style
            remark = _COMMENT.match(text, event.end_mark.index) if plain else None
            if remark and loses(event.value, *remark.groups()):
                found.append(
                    Unreadable(
                        _line(event.end_mark),
                        "what follows the # would be left out: put the text in quotes, or the remark on its own line",
                    )
                )
    except (yaml.YAMLError, RecursionError):
        pass  # What is wrong is said where the text is read.
    return found
