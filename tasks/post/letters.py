"""
Turning a notice into words: the template of its occasion, once for email and once for Teams.

A template is Markdown of the plainest kind (paragraphs, lists, bold, links), subject first, because Teams' cards
understand no more. Only the fields that a message may carry exist in it; a partnership may edit the words, and
`check_templates` refuses what could say too much before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FunctionLoader, StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from config import bounded_files
from config.encodings import Unreadable, letters
from safeguarding.as_typed import several_lines
from safeguarding.errors import Fault
from safeguarding.notices.notice import FIELDS, LISTS, Occasion

ENDING = ".md.j2"
LAYOUT = "layout.html.j2"
SUBJECT_FIELDS = (
    frozenset(FIELDS)
    - {
        "pseudonym",
        "failed_for",
        "failed_why",
        "link",
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

_ITEM = re.compile(r"([-+]|\d{1,9}[.)])[ \t]")
_SIGNS = str.maketrans("[]<>", "()()", "*`")
_RUNS = re.compile(r"~{2,}|(?<![^\W_])_+|_+(?![^\W_])")
_LEADING_MARKS = re.compile(r"^[^\S\n]*([-+#=]+([^\S\n]+|$))+", re.M)
_LEADING_NUMBER = re.compile(r"^([^\S\n]*\d{1,9})([.)])([^\S\n]+|$)", re.M)


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words: the subject, the body as Markdown (Teams) and as HTML (email)."""

    subject: str
    markdown: str
    html: str


class _Link(str):
    """An address that the sender itself has made: the one value that is not stripped of formatting."""

    __slots__ = ()


def write_letter(occasion: str, context: Mapping[str, str], folder: Path | None = None) -> Letter:
    """
    The letter of one notice. Fields that the context lacks are empty.

    Raises jinja2.TemplateError for a template that `check_templates` would have refused.
    """
    try:
        return _letter(occasion, context, folder)
    except (RecursionError, OverflowError, MemoryError, ValueError, TypeError, ArithmeticError) as error:
        raise TemplateError(f"it cannot be filled in ({type(error).__name__})") from None


def _letter(occasion: str, context: Mapping[str, str], folder: Path | None) -> Letter:
    words, page = _environments(folder)
    facts: dict[str, Any] = dict.fromkeys(FIELDS, "") | dict(context)
    facts["link"] = _Link(facts["link"]) if re.fullmatch(r"https?://[^\s()<>\"]+", facts["link"]) else ""
    subject, _, body = words.get_template(f"{occasion}{ENDING}").render(facts).strip().partition("\n")
    markdown = _spaced(body)
    body = Markup(_MARKDOWN.render(markdown))  # noqa: S704  HTML is off in it, so every word was escaped
    return Letter(subject.strip(), markdown, page.get_template(LAYOUT).render(subject=subject.strip(), body=body))


def check_templates(folder: Path | None = None) -> list[Fault]:
    """Everything wrong with the templates: a missing one, an unknown or forbidden field, a picture, HTML."""
    faults: list[Fault] = []
    known = {f"{occasion.value}{ENDING}" for occasion in Occasion}
    present = set(_names(folder))
    for name in sorted(known - present):
        faults.append(Fault(f"config/templates/{name}", "file", "no template for this occasion"))
    for name in sorted(present):
        if name.endswith(ENDING) and name not in known and not name.startswith("_"):
            faults.append(Fault(f"config/templates/{name}", "file", "no occasion of this name"))
    if LAYOUT not in present:
        faults.append(Fault(f"config/templates/{LAYOUT}", "file", "the page around every email is missing"))
    else:
        faults += [Fault(f"config/templates/{LAYOUT}", key, why) for key, why in _faults_of_layout(folder)]
    for name in sorted(present):
        if name.endswith(ENDING):
            faults += [Fault(f"config/templates/{name}", key, why) for key, why in _faults_of(name, folder)]
    return faults


# --------------------------------------------------------------------------- reading templates


def _names(folder: Path | None) -> list[str]:
    place = resources.files("config") / "templates" if folder is None else folder
    return [entry.name for entry in place.iterdir() if entry.name.endswith(".j2")]


def _source(name: str, folder: Path | None) -> str | None:
    """The text of a template that lies in the folder itself: neither beside it nor behind a link out of it."""
    if not _NAME.fullmatch(name):
        return None
    place = resources.files("config") / "templates" if folder is None else folder
    file = place / name
    if isinstance(file, Path) and file.resolve().parent != file.parent.resolve():
        return None
    try:
        return _words_of(file)
    except Unreadable:
        return None


def _words_of(file: Traversable) -> str:
    """The text of a template as it is kept. Raises Unreadable, with the line."""
    text = letters(bounded_files.bytes_of(file))
    try:
        return several_lines(text)
    except ValueError as sign:
        raise Unreadable("file", str(sign)) from None


@lru_cache(maxsize=8)
def _environments(folder: Path | None) -> tuple[ImmutableSandboxedEnvironment, ImmutableSandboxedEnvironment]:
    """One environment for the words, which strips formatting from values; one for the page, which escapes them."""
    loader: BaseLoader = FunctionLoader(lambda name: _allowed(name, folder))
    words = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, finalize=_plain, keep_trailing_newline=False, trim_blocks=True
    )
    page = ImmutableSandboxedEnvironment(loader=loader, undefined=StrictUndefined, autoescape=True)
    for environment in (words, page):
        environment.globals.clear()  # `range` and its like: what a message says is given, and counted by nobody.
    return words, page


def _allowed(name: str, folder: Path | None) -> str | None:
    """The text of a template, unless it asks for what none may: raises TemplateError then."""
    source = _source(name, folder)
    for why in _beyond(Environment().parse(source)) if source is not None else ():  # noqa: S701  only looked at
        raise TemplateError(f"{name}: {why}")
    return source


def _plain(value: Any) -> Any:
    """A value without anything that Teams or a mail reader would take for formatting, a mention or a link."""
    if isinstance(value, _Link) or not isinstance(value, str):
        return value
    words = _RUNS.sub("", "\n".join(value.translate(_SIGNS).splitlines()))
    return _LEADING_NUMBER.sub(_no_number_of_a_list, _LEADING_MARKS.sub("", words))


def _no_number_of_a_list(found: re.Match[str]) -> str:
    """«1. First» as it was typed, with a space that makes no list of it."""
    number, sign, space = found.groups()
    return f"{number}{sign}\N{NO-BREAK SPACE}" if space else number


def _faults_of(name: str, folder: Path | None) -> Iterator[tuple[str, str]]:
    words, _ = _environments(folder)
    source = _source(name, folder)
    if source is None:
        yield from _why_unread(name, folder)
        return
    try:
        tree = words.parse(source)
        # Looked at before it is compiled, which works out what is constant in it.
        if beyond := [*_beyond(tree), *_around(name, words, folder)]:
            yield from (("template", why) for why in beyond)
            return
        words.compile(source)
    except (TemplateError, RecursionError) as error:
        yield "template", f"cannot be read: {error}"
        return
    unknown = sorted(meta.find_undeclared_variables(tree) - set(FIELDS))
    for field in unknown:
        yield field, f"not a field that a message may carry; those are: {', '.join(FIELDS)}"
    if re.search(r"!\[|<\w", source):
        yield "body", "pictures and HTML are not allowed: Teams and mail readers would fetch or break them"
    if not unknown and not name.startswith("_"):
        yield from _faults_of_subject(name, source, folder)


def _why_unread(name: str, folder: Path | None) -> Iterator[tuple[str, str]]:
    """Why the text of a template is not read, each line that is wrong."""
    place = resources.files("config") / "templates" if folder is None else folder
    try:
        _words_of(place / name)
    except Unreadable as wrong:
        yield from wrong.each
    else:
        yield "file", "lies outside of the folder itself, or has a name that no template has"


def _faults_of_subject(name: str, source: str, folder: Path | None) -> Iterator[tuple[str, str]]:
    words, _ = _environments(folder)
    subject = source.lstrip().partition("\n")[0]
    if not subject.startswith("{{ reference }}"):
        yield "subject", "the first line is the subject, and begins with {{ reference }} so that mail sorts by review"
    try:
        used = meta.find_undeclared_variables(words.parse(subject))
    except TemplateError:
        yield "subject", "the first line is the subject, and must be complete in itself"
        return
    for field in sorted((used & set(FIELDS)) - SUBJECT_FIELDS):
        yield field, "not allowed in a subject line"
    full = {field: f"({field})" for field in FIELDS} | {"link": "https://cards.example/1"}
    for facts in (full, {"reference": "CSPR-2026-001", "stage": "Referral"}):
        try:
            write_letter(name.removesuffix(ENDING), facts, folder)
        except TemplateError as error:
            yield "template", f"cannot be filled in: {error}"
            return


def _faults_of_layout(folder: Path | None) -> Iterator[tuple[str, str]]:
    _, page = _environments(folder)
    try:
        tree = page.parse(_source(LAYOUT, folder) or "")
        used = meta.find_undeclared_variables(tree)
    except (TemplateError, RecursionError) as error:
        yield "template", f"cannot be read: {error}"
        return
    yield from (("template", why) for why in _beyond(tree))
    for field in sorted(used - {"subject", "body"}):
        yield field, "not a field of the page around an email; those are: subject, body"
    if "body" not in used:
        yield "body", "the page around every email must show it"


# --------------------------------------------------------------------------- what a template may do

_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.j2")
_OF_A_MESSAGE = "Template Output TemplateData Name Const If CondExpr For Include And Or Not Compare Operand Filter Call"
_MAY = frozenset([*_OF_A_MESSAGE.split(), "Getattr", "Test"])
"""Of the language of templates, what a message needs: fields, choices between them, their lines, parts elsewhere."""
_FILTERS = frozenset({"upper", "lower", "capitalize", "title", "trim", "default", "first", "last", "length"})
_LINES = "splitlines"


def _beyond(tree: nodes.Template) -> Iterator[str]:
    """What a template asks for that none may: whatever counts, calculates, reaches elsewhere or never ends."""
    strange = {type(node).__name__ for node in tree.find_all(nodes.Node)} - _MAY
    if strange:
        yield f"may not use {', '.join(sorted(strange))}: fields, if, for over a field's lines, and include are enough"
    for made in tree.find_all(nodes.Filter):
        if made.name not in _FILTERS:
            yield f"may not use the filter '{made.name}'; there are {', '.join(sorted(_FILTERS))}"
    for found in tree.find_all(nodes.Getattr):
        if found.attr != _LINES:
            yield f"may not use '.{found.attr}': of a field there is .{_LINES}() alone"
    for called in tree.find_all(nodes.Call):
        if not isinstance(called.node, nodes.Getattr):
            yield f"may not call anything but .{_LINES}()"
    for outer in tree.find_all(nodes.For):
        if any(outer.find_all(nodes.For)):
            yield "may not have a loop inside a loop"
    for part in tree.find_all(nodes.Include):
        if not (isinstance(part.template, nodes.Const) and _NAME.fullmatch(str(part.template.value))):
            yield "may include only a file of its own folder, by its name"


def _around(name: str, words: ImmutableSandboxedEnvironment, folder: Path | None) -> Iterator[str]:
    """Whether a template includes itself, by way of others or not, or includes what is not there."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        source = _source(ahead.pop(), folder)
        for part in words.parse(source or "").find_all(nodes.Include):
            one = str(part.template.value) if isinstance(part.template, nodes.Const) else ""
            if one == name:
                yield "includes itself"
                return
            if one and _NAME.fullmatch(one) and _source(one, folder) is None:
                yield f"includes '{one}', which is not in its folder"
            if one not in seen:
                seen.add(one)
                ahead.append(one)


# --------------------------------------------------------------------------- Markdown to HTML


def _spaced(body: str) -> str:
    """Every line as a paragraph, however many blank ones a template leaves; the lines of a list stay together."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    spaced = lines[:1]
    for before, line in pairwise(lines):
        spaced += [] if _ITEM.match(before) and _ITEM.match(line) else [""]
        spaced.append(line)
    return "\n".join(spaced)


class _PlainMarkdown(MarkdownIt):
    """Paragraphs, lists, bold and links to the web. Nothing else is formatting, and HTML is words."""

    def __init__(self) -> None:
        super().__init__("zero")
        self.enable(["list", "emphasis", "link"])
        self.add_render_rule("link_open", _nothing)
        self.add_render_rule("link_close", _address)
        for part in ("bullet_list_open", "ordered_list_open", "list_item_open", "list_item_close"):
            self.add_render_rule(part, _without_line_ends)

    def validateLink(self, url: str) -> bool:
        return url.startswith(("http://", "https://"))


def _nothing(*_: Any) -> str:
    return ""


def _address(_: RendererHTML, tokens: Sequence[Token], number: int, *__: Any) -> str:
    """The address of a link behind its words, since the plain-text part of an email keeps words only."""
    begun = next(token for token in reversed(tokens[:number]) if token.type == "link_open")
    return Markup(': <a href="{0}">{0}</a>').format(begun.attrGet("href"))


def _without_line_ends(renderer: RendererHTML, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    """A list in one line: the plain-text part would make a blank line of each line end."""
    return renderer.renderToken(tokens, number, options, env).strip()


_MARKDOWN = _PlainMarkdown()
