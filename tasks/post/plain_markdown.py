"""
Markdown of the plainest kind: what a value may not become in it, and how it is turned into HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_ITEM = re.compile(r"([-+]|\d{1,9}[.)])[ \t]")
_SIGNS = str.maketrans("[]<>", "()()", "*`")
_RUNS = re.compile(r"~{2,}|(?<![^\W_])_+|_+(?![^\W_])")
_LEADING_MARKS = re.compile(r"^[^\S\n]*([-+#=]+([^\S\n]+|$))+", re.M)
_LEADING_NUMBER = re.compile(r"^([^\S\n]*\d{1,9})([.)])(?:(?P<alone>[^\S\n]*$)|[^\S\n]+)", re.M)


class Link(str):
    """An address that the sender itself has made: the one value that is not stripped of formatting."""

    __slots__ = ()


def plain(value: Any) -> Any:
    """A value without anything that Teams or a mail reader would take for formatting, a mention or a link."""
    if isinstance(value, Link) or not isinstance(value, str):
        return value
    words = _RUNS.sub("", "\n".join(value.translate(_SIGNS).splitlines()))
    return _LEADING_NUMBER.sub(_no_number_of_a_list, _LEADING_MARKS.sub("", words))


def _no_number_of_a_list(found: re.Match[str]) -> str:
    """«1. First» as it was typed, with a space that makes no list of it; of «1.» alone the number."""
    number, sign, alone = found.groups()
    return number if alone is not None else f"{number}{sign}\N{NO-BREAK SPACE}"


def spaced(body: str) -> str:
    """Every line as a paragraph, however many blank ones a template leaves; the lines of a list stay together."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    spaced = lines[:1]
    for before, line in pairwise(lines):
        spaced += [] if _ITEM.match(before) and _ITEM.match(line) else [""]
        spaced.append(line)
    return "\n".join(spaced)


BUTTON = (
    "display: inline-block; padding: 12px 20px; background-color: #00703c; color: #ffffff; font-weight: bold; "
    "text-decoration: none; border-radius: 3px"
)
"""How the first link of a letter looks: it is what the reader does next. Mail readers keep no style sheet."""
_HEAD = re.compile(r"<header\b.*?</header>", re.S)
_LINK = re.compile(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', re.S)


def for_plain_words(html: str) -> str:
    """
    A letter's page as it is turned into plain words: without its head, which repeats sender and subject, and with each
    address in full on a line of its own behind its words.
    """
    return _LINK.sub(r"\2:<br>\1<br>", _HEAD.sub("", html))


class _PlainMarkdown(MarkdownIt):
    """Paragraphs, lists, bold and links to the web, the first of them a button. Nothing else is formatting."""

    def __init__(self) -> None:
        super().__init__("zero")
        self.enable(["list", "emphasis", "link"])
        self.add_render_rule("link_open", _button_or_link)
        for part in ("bullet_list_open", "ordered_list_open", "list_item_open", "list_item_close"):
            self.add_render_rule(part, _without_line_ends)

    def validateLink(self, url: str) -> bool:
        return url.startswith(("http://", "https://"))


def _button_or_link(renderer: RendererHTML, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    """The first link of a letter is its one button, and whatever else it leads to is a link in the words."""
    if not env.get("button"):
        env["button"] = True
        tokens[number].attrSet("style", BUTTON)
    return renderer.renderToken(tokens, number, options, env)


def _without_line_ends(renderer: RendererHTML, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    """A list in one line: the plain-text part would make a blank line of each line end."""
    return renderer.renderToken(tokens, number, options, env).strip()


PLAIN = _PlainMarkdown()
