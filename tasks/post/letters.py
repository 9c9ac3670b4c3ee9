"""
Turning a notice into words: the template of its occasion, once for email and once for Teams.

A template is Markdown of the plainest kind (paragraphs, lists, bold, links), subject first, because Teams' cards
understand no more. Only the fields that a message may carry exist in it; a partnership may edit the words, and
`check_templates` refuses what could say too much before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import BaseLoader, FunctionLoader, StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from safeguarding.errors import Fault
from safeguarding.notices.notice import FIELDS, LISTS, Occasion

ENDING = ".md.j2"
LAYOUT = "layout.html.j2"
SUBJECT_FIELDS = (
    frozenset(FIELDS)
    - {"pseudonym", "failed_for", "failed_why", "link", "waiting_on", "on_miss", "in_place_of", "open_reviews"}
    - LISTS
)
"""What a subject line may hold: it is read on locked screens and in lists that others see."""

_SPANS = re.compile(r"\*\*(?P<strong>[^*]+)\*\*|\[(?P<words>[^\]]+)\]\((?P<href>https?://[^)\s]+)\)")
_FORMATTING = str.maketrans("[]<>", "()()", "*`")


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words: the subject, the body as Markdown (Teams) and as HTML (email)."""

    subject: str
    markdown: str
    html: str


class _Link(str):
    """An address that the sender itself has made: the one value that is not stripped of formatting."""

    __slots__ = ()


class Span(NamedTuple):
    """A run of words, already safe to place in HTML."""

    html: Markup


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list if `items` is given."""

    spans: tuple[Span, ...] = ()
    items: tuple[tuple[Span, ...], ...] | None = None


def write_letter(occasion: str, context: Mapping[str, str], folder: Path | None = None) -> Letter:
    """
    The letter of one notice. Fields that the context lacks are empty.

    Raises jinja2.TemplateError for a template that `check_templates` would have refused.
    """
    words, page = _environments(folder)
    facts: dict[str, Any] = dict.fromkeys(FIELDS, "") | dict(context)
    facts["link"] = _Link(facts["link"]) if re.fullmatch(r"https?://[^\s()<>\"]+", facts["link"]) else ""
    subject, _, body = words.get_template(f"{occasion}{ENDING}").render(facts).strip().partition("\n")
    paragraphs = _paragraphs(body)
    rendered = page.get_template(LAYOUT).render(subject=subject.strip(), blocks=tuple(_blocks(paragraphs)))
    return Letter(subject.strip(), "\n\n".join(paragraphs), rendered)


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
    for name in sorted(present):
        if name.endswith(ENDING):
            faults += [Fault(f"config/templates/{name}", key, why) for key, why in _faults_of(name, folder)]
    return faults


# --------------------------------------------------------------------------- reading templates


def _names(folder: Path | None) -> list[str]:
    place = resources.files("config") / "templates" if folder is None else folder
    return [entry.name for entry in place.iterdir() if entry.name.endswith(".j2")]


def _source(name: str, folder: Path | None) -> str | None:
    place = resources.files("config") / "templates" if folder is None else folder
    file = place / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


@lru_cache(maxsize=8)
def _environments(folder: Path | None) -> tuple[ImmutableSandboxedEnvironment, ImmutableSandboxedEnvironment]:
    """One environment for the words, which strips formatting from values; one for the page, which escapes them."""
    loader: BaseLoader = FunctionLoader(lambda name: _source(name, folder))
    words = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, finalize=_plain, keep_trailing_newline=False, trim_blocks=True
    )
    page = ImmutableSandboxedEnvironment(loader=loader, undefined=StrictUndefined, autoescape=True)
    return words, page


def _plain(value: Any) -> Any:
    """A value without anything that Teams or a mail reader would take for formatting, a mention or a link."""
    if isinstance(value, _Link) or not isinstance(value, str):
        return value
    return value.translate(_FORMATTING)


def _faults_of(name: str, folder: Path | None) -> Iterator[tuple[str, str]]:
    words, _ = _environments(folder)
    source = _source(name, folder) or ""
    try:
        tree = words.parse(source)
        words.compile(source)
    except TemplateError as error:
        yield "template", f"cannot be read: {error}"
        return
    unknown = sorted(meta.find_undeclared_variables(tree) - set(FIELDS))
    for field in unknown:
        yield field, f"not a field that a message may carry; those are: {', '.join(FIELDS)}"
    if re.search(r"!\[|<\w", source):
        yield "body", "pictures and HTML are not allowed: Teams and mail readers would fetch or break them"
    if not unknown and not name.startswith("_"):
        yield from _faults_of_subject(name, source, folder)


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


# --------------------------------------------------------------------------- Markdown to HTML


def _paragraphs(body: str) -> list[str]:
    """Every line is a paragraph, however many blank ones a template leaves; the lines of a list stay together."""
    found: list[str] = []
    for line in filter(None, (line.strip() for line in body.splitlines())):
        if line.startswith("- ") and found and found[-1].startswith("- "):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def _blocks(paragraphs: list[str]) -> Iterator[Block]:
    for paragraph in paragraphs:
        if paragraph.startswith("- "):
            yield Block(items=tuple(tuple(_spans(line[2:])) for line in paragraph.splitlines()))
        else:
            yield Block(spans=tuple(_spans(paragraph)))


def _spans(text: str) -> Iterator[Span]:
    end = 0
    for found in _SPANS.finditer(text):
        if found.start() > end:
            yield Span(escape(text[end : found.start()]))
        end = found.end()
        if found["strong"]:
            yield Span(Markup("<strong>{}</strong>").format(found["strong"]))
        else:
            # The address is written out, since the plain-text part of an email is made from this and keeps words only.
            yield Span(Markup('{}: <a href="{}">{}</a>').format(found["words"], found["href"], found["href"]))
    if end < len(text):
        yield Span(escape(text[end:]))
