"""
A page of the public register as HTML: one frame for all, no script, nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import NamedTuple

from safeguarding.review.states import Track

STYLE, FEED, DATA, INDEX, ARCHIVE = "register.css", "feed.xml", "register.json", "index.html", "archive.html"

KINDS = {
    Track.CHILDREN: ("Child Safeguarding Practice Review", "Child Safeguarding Practice Reviews"),
    Track.ADULTS: ("Safeguarding Adult Review", "Safeguarding Adult Reviews"),
}
"""One of a track and several, as a partnership's public page calls them."""
TITLE = "Published reviews"
SIMULATION = "From a simulation: every person and every review is invented."


class Issue(NamedTuple):
    """Whose register it is, and the day (London) on which it is so."""

    partnership: str
    as_of: date
    tracks: tuple[Track, ...]
    """The tracks of which the partnership runs reviews."""
    simulation: bool = False
    """Whether the record is a simulation: then every file says so, and nobody takes it for a review that was made."""


def day(on: date) -> str:
    """A day as a public page writes it: 3 March 2027."""
    return f"{on.day} {on:%B %Y}"


def time_of(on: date) -> str:
    """A day that programs can read too."""
    return f'<time datetime="{on.isoformat()}">{day(on)}</time>'


def paragraphs(words: str) -> str:
    """Words as they were approved, an empty line between paragraphs."""
    parts = [" ".join(part.split()) for part in words.split("\n\n")]
    return "\n".join(f"<p>{escape(part)}</p>" for part in parts if part)


def rows(facts: Iterable[tuple[str, str]]) -> str:
    """Facts by name. What a fact says is HTML already."""
    lines = (f"<div><dt>{escape(name)}</dt><dd>{said}</dd></div>" for name, said in facts if said)
    return '<dl class="facts">\n' + "\n".join(lines) + "\n</dl>"


def page(issue: Issue, title: str, body: str, here: str) -> str:
    """A whole page. `here` is its own name, which is not linked to itself."""
    whose = escape(issue.partnership)
    full = f"{title} - {issue.partnership}" if title != TITLE else f"{TITLE} - {issue.partnership}"
    links = [(INDEX, TITLE), (ARCHIVE, "Archive of older reviews")]
    nav = "\n".join(
        f'<li><a href="{name}"{" aria-current=" + chr(34) + "page" + chr(34) if name == here else ""}>{words}</a></li>'
        for name, words in links
    )
    simulated = f'<p class="note">{SIMULATION}</p>\n' if issue.simulation else ""
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(full)}</title>
<link rel="stylesheet" href="{STYLE}">
<link rel="alternate" type="application/atom+xml" title="{TITLE}" href="{FEED}">
<link rel="alternate" type="application/json" title="{TITLE}" href="{DATA}">
</head>
<body>
<a class="skip" href="#main">Skip to main content</a>
<header class="top">
<div class="wide">
<p class="whose">{whose}</p>
<nav aria-label="Register"><ul>
{nav}
</ul></nav>
</div>
</header>
<main id="main" class="wide" tabindex="-1">
<h1>{escape(title)}</h1>
{simulated}{body}
</main>
<footer class="bottom">
<div class="wide">
<p>As it stands on {time_of(issue.as_of)}. The same <a href="{FEED}">as a feed</a> and <a href="{DATA}">as data</a>.</p>
</div>
</footer>
</body>
</html>
"""
