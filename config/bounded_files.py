"""
Files that others wrote: read whole within bounds, or a reason that names the line. No file brings this program down.

A file is UTF-8, no larger and no deeper than one of its kind can be, without tags and with few repetitions (`*name`):
what would grow when it is read is refused before it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

LARGEST = 1_000_000
"""Bytes of one file. The largest that is shipped has thirty thousand."""
MOST_VALUES = 50_000
"""Values of one file, a repeated one counted as often as it stands there: a thousand people have thirty thousand."""
DEEPEST = 20
"""Values inside values; ours have seven."""

_QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Plain values only; the same loader in C where the wheel has it."""


class Unreadable(ValueError):
    """A file, or what it holds, cannot be read: where in it, and why. Never what stands there."""

    def __init__(self, where: str, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(f"{where}: {why}")


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


def letters(held: bytes) -> str:
    """The text, without the mark that some editors put before it. Raises Unreadable for another encoding, named."""
    if held.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in held[:4] and held[:4].count(b"\0") >= 1):
        raise Unreadable("line 1", "is UTF-16, as Notepad's «Unicode» is: save it as UTF-8")
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = held.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"line {line}",
            "is not UTF-8: it looks like Windows-1252, as Excel and older editors write: save it as UTF-8",
        ) from None


# --------------------------------------------------------------------------- YAML


class _Bounded:
    """What both loaders share: a value that cannot be made of its text is a fault of its line."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """As the library does it; a number without digits or a key that is a list is said with its line."""
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
            raise Unreadable(_line(node.start_mark), "holds a value that cannot be read") from None


def _without(loader: Any, *tags: str) -> dict[str, Any]:
    """The loader's table of what a bare word means, without these meanings."""
    table = loader.yaml_implicit_resolvers
    return {sign: [(tag, words) for tag, words in known if tag not in tags] for sign, known in table.items()}


class _Values(_Bounded, _QUICK):  # type: ignore[misc]
    """Numbers, yes and no are what YAML makes of them. A day stays as it is written, and is judged as one later."""

    yaml_implicit_resolvers = _without(_QUICK, "tag:yaml.org,2002:timestamp")


class _Words(_Bounded, yaml.SafeLoader):
    """Whatever is written is words, `no`, `on` and `12` too; only what is left out is nothing."""

    yaml_implicit_resolvers = _without(
        yaml.SafeLoader,
        *(f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "bool", "int", "float", "merge", "value")),
    )


def values(text: str) -> Any:
    """The values of a YAML text. Raises Unreadable, for a key that is given twice too."""
    return _loaded(text, _Values, MOST_VALUES)


def words(text: str, most: int) -> Any:
    """
    A form that somebody wrote by hand: words, lists and words by name. JSON is taken as it is.

    Raises Unreadable, for a question that is answered twice and for text that YAML would leave out, too.
    """
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, object_pairs_hook=_once)
        except Unreadable:
            raise
        except (ValueError, RecursionError):  # YAML has lists in braces too, and says the line.
            pass
    _nothing_left_out(text, most)
    return _loaded(text, _Words, most)


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


def _loaded(text: str, kind: Any, most: int) -> Any:
    try:
        _within_bounds(text, kind, most)
        loader = kind(text)
        try:
            node = loader.get_single_node()
            _refuse_keys_given_twice(node)
            return None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        where = _line(error.problem_mark) if error.problem_mark else "(file)"
        why = _IN_WORDS.get(str(error.problem)) or f"is not YAML that can be read: {error.problem}"
        raise Unreadable(where, why) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(
            f"line {line}", "holds a control character, which cannot be seen: type the line again"
        ) from None
    except yaml.YAMLError:
        raise Unreadable("(file)", "is not YAML that can be read") from None
    except RecursionError:
        raise Unreadable("(file)", f"has values inside values, more than {DEEPEST} deep") from None


_COLON = "has a second colon, or other words where a key belongs: put the text in quotes"
_TAB = "begins with a tab or a sign that has a meaning in YAML: use spaces, and quotes around text"
_IN_WORDS = {
    "exceeded maximum nesting depth": f"has values inside values, more than {DEEPEST} deep",
    "mapping values are not allowed here": _COLON,
    "mapping values are not allowed in this context": _COLON,
    "found character '\\t' that cannot start any token": _TAB,
    "found character that cannot start any token": _TAB,
}
"""What the library says most often, for whoever wrote the file."""


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}"


def _shown(name: Any) -> str:
    """The name of a key as far as it is one."""
    return "".join(sign for sign in str(name)[:60] if sign.isprintable())


def _within_bounds(text: str, kind: Any, most: int) -> None:
    """Count what the text would become, without making it. Raises Unreadable where that is too much."""
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=kind):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise Unreadable(_line(event.start_mark), f"'*{_shown(event.anchor)}' repeats itself or nothing")
            total += sizes[event.anchor]
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
            if isinstance(event, yaml.CollectionStartEvent):
                opened.append((event.anchor, total - 1))
                sizes.pop(str(event.anchor), None)
            elif event.anchor is not None:
                sizes[event.anchor] = 1
        if len(opened) > DEEPEST:
            raise Unreadable(_line(event.start_mark), f"stands inside other values, more than {DEEPEST} deep")
        if total > most:
            raise Unreadable(_line(event.start_mark), f"the file holds more than {most:,} values")


def _refuse_keys_given_twice(node: Any) -> None:
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            _refuse_keys_given_twice(entry)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable(_line(key.start_mark), "a key must be a word, and is a list or holds keys itself")
        if key.value in seen:
            raise Unreadable(_line(key.start_mark), f"the key '{_shown(key.value)}' is given twice")
        seen.add(key.value)
        _refuse_keys_given_twice(value)


_COMMENT = re.compile(r"[ \t]+#")


def _nothing_left_out(text: str, most: int) -> None:
    """Raises Unreadable where words without quotes are followed by a «#»: YAML would drop what comes after it."""
    try:
        for count, event in enumerate(_events(text)):
            if count > 3 * most:
                return  # Too many, which is said in its place.
            plain = isinstance(event, yaml.ScalarEvent) and not event.style
            if plain and _COMMENT.match(text, event.end_mark.index):
                raise Unreadable(
                    _line(event.end_mark),
                    "what follows the # would be left out: put the answer in quotes, or the comment on its own line",
                )
    except (yaml.YAMLError, RecursionError):
        return  # What is wrong is said where the text is read.


def _events(text: str) -> Iterator[Any]:
    # Not the loader in C, whose marks count otherwise.
    yield from yaml.parse(text, Loader=_Words)
