"""
Turning a notice into words: the template of its occasion, once for email and once for Teams.

A template is Markdown of the plainest kind (paragraphs, lists, bold, links), subject first, because Teams' cards
understand no more. Only the fields that a message may carry exist in it. A partnership's own template goes before the
shipped one of its name, and `check_templates` refuses what could say too much before anything is sent.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FunctionLoader, StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from config import bounded_files
from config.encodings import Unreadable, letters
from safeguarding.as_typed import several_lines
from safeguarding.errors import Fault, SafeguardingError
from safeguarding.notices.notice import FIELDS, LISTS, Occasion
from tasks.post.plain_markdown import PLAIN, Link, plain, spaced

ENDING = ".md.j2"
LAYOUT = "layout.html.j2"
AROUND = ("subject", "body", "partnership")
"""What the page around an email may show."""
SUBJECT_FIELDS = (
    frozenset(FIELDS)
    - {
        "pseudonym",
        "failed_for",
        "failed_why",
        "link",
        "card",
        "waiting_on",
        "on_miss",
        "in_place_of",
        "open_reviews",
        "signed",
        "proof",
        "found",
    }
    - LISTS
)
"""What a subject line may hold: it is read on locked screens and in lists that others see."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words: the subject, the body as Markdown (Teams) and as HTML (email)."""

    subject: str
    markdown: str
    html: str


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of the program, and the partnership's own: one of the same name goes before the shipped one."""

    own: Path | None = None
    """The folder of the partnership's own; None, or no folder, where it has none."""
    shipped: Path | None = None
    """Another folder than the program's, of which every template is one."""

    def folders(self) -> list[Traversable]:
        """Where a template is looked for, in this order."""
        shipped = resources.files("config") / "templates" if self.shipped is None else self.shipped
        return [*([self.own] if self.own is not None and self.own.exists() else []), shipped]

    def called(self, name: str) -> str:
        """What a fault calls a template: by its place in the program, or in the partnership's folder."""
        is_own = self.own is not None and self.own.is_dir() and name in _names(self.own)
        return str(self.own / name) if self.own is not None and is_own else f"config/templates/{name}"


SHIPPED = Templates()


class TemplatesUnfit(SafeguardingError):
    """A template of a letter could not be filled in, or would say too much. Lists every fault."""

    code = "templates-unfit"

    def __init__(self, faults: list[Fault]) -> None:
        lines = "\n".join(f"  {fault}" for fault in faults)
        count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        super().__init__(f"{count} in the templates of letters, and nothing was started:\n{lines}", faults)


def write_letter(
    occasion: str, context: Mapping[str, str], templates: Templates = SHIPPED, partnership: str = ""
) -> Letter:
    """
    The letter of one notice, with the partnership's name at its head. Fields that the context lacks are empty.

    Raises jinja2.TemplateError for a template that `check_templates` would have refused.
    """
    try:
        return _letter(occasion, context, templates, partnership)
    except (RecursionError, OverflowError, MemoryError, ValueError, TypeError, ArithmeticError) as error:
        raise TemplateError(f"it cannot be filled in ({type(error).__name__})") from None


def _letter(occasion: str, context: Mapping[str, str], templates: Templates, partnership: str) -> Letter:
    words, page = _environments(templates)
    facts: dict[str, Any] = dict.fromkeys(FIELDS, "") | dict(context)
    for name in ("link", "card"):
        facts[name] = Link(facts[name]) if re.fullmatch(r"https?://[^\s()<>\"]+", facts[name]) else ""
    if facts["rule"].startswith("local."):  # The key of a step of our own says nothing to a reader: its source does.
        facts["rule"] = ""
    subject, _, body = words.get_template(f"{occasion}{ENDING}").render(facts).strip().partition("\n")
    markdown = spaced(body)
    subject = subject.strip()
    body = Markup(PLAIN.render(markdown, {}))  # noqa: S704  HTML is off in it, so every word was escaped
    around = {"subject": subject, "partnership": partnership, "body": body}
    return Letter(subject, markdown, page.get_template(LAYOUT).render(around))


def check_templates(templates: Templates = SHIPPED) -> list[Fault]:
    """Everything wrong with the templates: a missing one, an unknown or forbidden field, a picture, HTML."""
    faults: list[Fault] = []
    known = {LAYOUT, *(f"{occasion.value}{ENDING}" for occasion in Occasion)}
    present: set[str] = set()
    for folder in templates.folders():
        try:
            present |= {name for name in _names(folder) if name.endswith(".j2")}
        except OSError as error:
            faults.append(Fault(str(folder), "(folder)", f"cannot be read: {error.strerror}"))
    for name in sorted(known - present):
        what = "the page around every email is missing" if name == LAYOUT else "no template for this occasion"
        faults.append(Fault(f"config/templates/{name}", "file", what))
    for name in sorted(present):
        if name.endswith(ENDING) and name not in known and not name.startswith("_"):
            faults.append(Fault(templates.called(name), "file", "no occasion of this name"))
    faults += _strange_files(templates.own)
    if LAYOUT in present:
        faults += _faults_of_layout(templates)
    for name in sorted(present):
        if name.endswith(ENDING):
            faults += _faults_of(name, templates)
    return faults


def refuse_unfit(templates: Templates) -> None:
    """Raises TemplatesUnfit if any letter of the system could not be written by these templates."""
    if faults := check_templates(templates):
        raise TemplatesUnfit(faults)


# --------------------------------------------------------------------------- reading templates


def _names(folder: Traversable) -> list[str]:
    return [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]


def _strange_files(own: Path | None) -> Iterator[Fault]:
    """What the partnership put among its templates and no letter is written by: it would be left out in silence."""
    if own is None or not own.is_dir():
        return
    for name in sorted(_names(own)):
        if name == LAYOUT or name.endswith((ENDING, "~")) or name.upper().startswith("README"):
            continue
        yield Fault(
            str(own / name), "file", f"is no template: those are called by their occasion, with {ENDING} behind"
        )


def _source(name: str, templates: Templates) -> str | None:
    """The text of a template that lies in its folder itself: neither beside it nor behind a link out of it."""
    if not _NAME.fullmatch(name):
        return None
    file = _file(name, templates)
    if file is None or (isinstance(file, Path) and file.resolve().parent != file.parent.resolve()):
        return None
    try:
        return _words_of(file)
    except Unreadable:
        return None


def _file(name: str, templates: Templates) -> Traversable | None:
    """Where a template lies: the partnership's own, or else the shipped one; None where there is none."""
    for folder in templates.folders():
        file = folder / name
        if not isinstance(file, Path) or file.is_symlink() or file.exists():
            return file
    return None


def _words_of(file: Traversable) -> str:
    """The text of a template as it is kept. Raises Unreadable, with the line."""
    text = letters(bounded_files.bytes_of(file))
    begun = text[: len(text) - len(text.lstrip())].count("\n")  # Faults name lines: those of the file stay its own.
    try:
        return "\n" * begun + several_lines(text)
    except ValueError as sign:
        raise Unreadable("file", str(sign)) from None


@lru_cache(maxsize=8)
def _environments(templates: Templates) -> tuple[ImmutableSandboxedEnvironment, ImmutableSandboxedEnvironment]:
    """One environment for the words, which strips formatting from values; one for the page, which escapes them."""
    loader: BaseLoader = FunctionLoader(lambda name: _allowed(name, templates))
    words = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, finalize=plain, keep_trailing_newline=False, trim_blocks=True
    )
    page = ImmutableSandboxedEnvironment(loader=loader, undefined=StrictUndefined, autoescape=True)
    for environment in (words, page):
        environment.globals.clear()  # `range` and its like: what a message says is given, and counted by nobody.
    return words, page


def _allowed(name: str, templates: Templates) -> str | None:
    """The text of a template, unless it asks for what none may: raises TemplateError then."""
    source = _source(name, templates)
    for _, why in _beyond(Environment().parse(source)) if source is not None else ():  # noqa: S701  only looked at
        raise TemplateError(f"{name}: {why}")
    return source


def _faults_of(name: str, templates: Templates) -> Iterator[Fault]:
    words, _ = _environments(templates)
    source, file = _source(name, templates), templates.called(name)
    if source is None:
        yield from (Fault(file, where, why) for where, why in _why_unread(name, templates))
        return
    try:
        tree = words.parse(source)
        # Looked at before it is compiled, which works out what is constant in it.
        if beyond := [*_beyond(tree), *_around(name, words, templates)]:
            yield from (Fault(file, "template", why, line) for line, why in beyond)
            return
        words.compile(source)
    except (TemplateError, RecursionError) as error:
        yield Fault(file, "template", f"cannot be read: {error}", getattr(error, "lineno", 0))
        return
    unknown = sorted(meta.find_undeclared_variables(tree) - set(FIELDS))
    for field in unknown:
        words_of_it = f"not a field that a message may carry; those are: {', '.join(FIELDS)}"
        yield Fault(file, field, words_of_it, _line_of(field, tree))
    if picture := re.search(r"!\[|<\w", source):
        why = "pictures and HTML are not allowed: Teams and mail readers would fetch or break them"
        yield Fault(file, "body", why, source.count("\n", 0, picture.start()) + 1)
    if not unknown and not name.startswith("_"):
        yield from _faults_of_subject(name, source, templates)


def _line_of(field: str, tree: nodes.Template) -> int:
    """On which line a template first names a field."""
    return min((found.lineno for found in tree.find_all(nodes.Name) if found.name == field), default=0)


def _why_unread(name: str, templates: Templates) -> Iterator[tuple[str, str]]:
    """Why the text of a template is not read, each line that is wrong."""
    file = _file(name, templates)
    outside = isinstance(file, Path) and file.resolve().parent != file.parent.resolve()
    try:
        if file is not None and not outside:
            _words_of(file)
    except Unreadable as wrong:
        yield from wrong.each
    else:
        yield "file", "lies outside of the folder itself, or has a name that no template has"


def _faults_of_subject(name: str, source: str, templates: Templates) -> Iterator[Fault]:
    words, _ = _environments(templates)
    file = templates.called(name)
    subject = source.lstrip().partition("\n")[0]
    line = source[: len(source) - len(source.lstrip())].count("\n") + 1
    if not subject.startswith("{{ reference }}"):
        why = "the first line is the subject, and begins with {{ reference }} so that mail sorts by review"
        yield Fault(file, "subject", why, line)
    try:
        used = meta.find_undeclared_variables(words.parse(subject))
    except TemplateError:
        yield Fault(file, "subject", "the first line is the subject, and must be complete in itself", line)
        return
    for field in sorted((used & set(FIELDS)) - SUBJECT_FIELDS):
        yield Fault(file, field, "not allowed in a subject line", line)
    full = {field: f"({field})" for field in FIELDS} | {"link": "https://cards.example/1"}
    for facts in (full, {"reference": "CSPR-2026-001", "stage": "Referral"}):
        try:
            write_letter(name.removesuffix(ENDING), facts, templates)
        except TemplateError as error:
            yield Fault(file, "template", f"cannot be filled in: {error}", _line_where(error))
            return


def _line_where(error: BaseException) -> int:
    """The line of the template at which filling it in went wrong; 0 where that is not known."""
    begun = error.__context__ or error  # What a letter raises is made of what the template raised.
    lines = [at.lineno or 0 for at in traceback.extract_tb(begun.__traceback__) if at.filename == "<template>"]
    return lines[-1] if lines else 0


def _faults_of_layout(templates: Templates) -> Iterator[Fault]:
    _, page = _environments(templates)
    file = templates.called(LAYOUT)
    try:
        tree = page.parse(_source(LAYOUT, templates) or "")
        used = meta.find_undeclared_variables(tree)
    except (TemplateError, RecursionError) as error:
        yield Fault(file, "template", f"cannot be read: {error}", getattr(error, "lineno", 0))
        return
    yield from (Fault(file, "template", why, line) for line, why in _beyond(tree))
    for field in sorted(used - set(AROUND)):
        why = f"not a field of the page around an email; those are: {', '.join(AROUND)}"
        yield Fault(file, field, why, _line_of(field, tree))
    if "body" not in used:
        yield Fault(file, "body", "the page around every email must show it")


# --------------------------------------------------------------------------- what a template may do

_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.j2")
_OF_A_MESSAGE = "Template Output TemplateData Name Const If CondExpr For Include And Or Not Compare Operand Filter Call"
_MAY = frozenset([*_OF_A_MESSAGE.split(), "Getattr", "Test"])
"""Of the language of templates, what a message needs: fields, choices between them, their lines, parts elsewhere."""
_FILTERS = frozenset({"upper", "lower", "capitalize", "title", "trim", "default", "first", "last", "length"})
_LINES = "splitlines"


def _beyond(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """What a template asks for that none may, each with its line: whatever counts, reaches elsewhere or never ends."""
    strange = {type(node).__name__: node.lineno for node in reversed(list(tree.find_all(nodes.Node)))}
    if named := sorted(set(strange) - _MAY):
        why = f"may not use {', '.join(named)}: fields, if, for over a field's lines, and include are enough"
        yield min(strange[name] for name in named), why
    for made in tree.find_all(nodes.Filter):
        if made.name not in _FILTERS:
            yield made.lineno, f"may not use the filter '{made.name}'; there are {', '.join(sorted(_FILTERS))}"
    for found in tree.find_all(nodes.Getattr):
        if found.attr != _LINES:
            yield found.lineno, f"may not use '.{found.attr}': of a field there is .{_LINES}() alone"
    for called in tree.find_all(nodes.Call):
        if not isinstance(called.node, nodes.Getattr):
            yield called.lineno, f"may not call anything but .{_LINES}()"
    for outer in tree.find_all(nodes.For):
        if any(outer.find_all(nodes.For)):
            yield outer.lineno, "may not have a loop inside a loop"
    for part in tree.find_all(nodes.Include):
        if not (isinstance(part.template, nodes.Const) and _NAME.fullmatch(str(part.template.value))):
            yield part.lineno, "may include only a file of its own folder, by its name"


def _around(name: str, words: ImmutableSandboxedEnvironment, templates: Templates) -> Iterator[tuple[int, str]]:
    """Whether a template includes itself, by way of others or not, or includes what is not there; with the line."""
    seen: set[str] = set()
    ahead = [(name, 0)]
    while ahead:
        over, begun = ahead.pop()
        for part in words.parse(_source(over, templates) or "").find_all(nodes.Include):
            line = begun or part.lineno  # Of a part of a part, the line on which the way to it begins.
            one = str(part.template.value) if isinstance(part.template, nodes.Const) else ""
            if one == name:
                yield line, "includes itself"
                return
            if one and _NAME.fullmatch(one) and _source(one, templates) is None:
                yield line, f"includes '{one}', which is not in its folder"
            if one not in seen:
                seen.add(one)
                ahead.append((one, line))
