"""
Every file of the public register, made of its entries: the same bytes for the same record and day.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from safeguarding.public_register.changes import PublicChanges
from safeguarding.public_register.data import as_data
from safeguarding.public_register.entry import PublicEntry
from safeguarding.public_register.feed import as_feed
from safeguarding.public_register.page import (
    ARCHIVE,
    DATA,
    FEED,
    INDEX,
    KINDS,
    TITLE,
    Issue,
    day,
    page,
    paragraphs,
    rows,
    time_of,
)
from safeguarding.review.states import Track

REFUSED = '\n<p class="quiet">The partners will not implement this.</p>'
IN_ARCHIVE = "This review is in the archive. It was published more than 12 months ago."


def site(entries: Sequence[PublicEntry], issue: Issue, changes: PublicChanges) -> dict[str, str]:
    """Every file by its name but the stylesheet, which is the same for everybody."""
    files = {
        INDEX: page(issue, TITLE, _index(entries, issue), INDEX),
        ARCHIVE: page(issue, "Archive of older reviews", _archive(entries, issue), ARCHIVE),
        DATA: as_data(entries, issue, changes),
        FEED: as_feed(entries, issue, changes),
    }
    for one in entries:
        files[f"{one.slug}.html"] = page(issue, _named(one), _entry(one, issue), f"{one.slug}.html")
    return files


def _named(one: PublicEntry) -> str:
    return f"{one.pseudonym}: {KINDS[one.track][0]}"


# --------------------------------------------------------------------------- the lists


def _index(entries: Sequence[PublicEntry], issue: Issue) -> str:
    parts = [f'<p class="lead">The reviews that {escape(issue.partnership)} has published, and what was learnt.</p>']
    for track in issue.tracks:
        mine = [one for one in entries if one.track is track]
        recent = [one for one in mine if one.past_12_months]
        kept = [one for one in mine if not one.past_12_months and not one.in_archive]
        older = len([one for one in mine if one.in_archive])
        parts.append(f'<section aria-labelledby="{track.value}">\n<h2 id="{track.value}">{KINDS[track][1]}</h2>')
        parts.append("<h3>Published in the past 12 months</h3>")
        parts.append(_listed(recent) if recent else f"<p>{none_published(track)}</p>")
        if kept:
            parts.append(f"<h3>Published earlier</h3>\n{_listed(kept)}")
        if older:
            many = "1 older review is" if older == 1 else f"{older} older reviews are"
            parts.append(f'<p><a href="{ARCHIVE}#{track.value}">{many} in the archive</a>.</p>')
        parts.append("</section>")
    return "\n".join(parts)


def none_published(track: Track) -> str:
    """The sentence that a public page has where nothing was published of a track."""
    return f"There are currently no {KINDS[track][1]} published in the past 12 months."


def _archive(entries: Sequence[PublicEntry], issue: Issue) -> str:
    older = [one for one in entries if one.in_archive]
    if not older:
        return "<p>No review is in the archive.</p>"
    parts = ['<p class="lead">Reviews that were published more than 12 months ago and can still be read.</p>']
    for track in issue.tracks:
        mine = [one for one in older if one.track is track]
        if mine:
            parts.append(f'<section aria-labelledby="{track.value}">\n<h2 id="{track.value}">{KINDS[track][1]}</h2>')
            parts.append(f"{_listed(mine)}\n</section>")
    return "\n".join(parts)


def _listed(entries: Sequence[PublicEntry]) -> str:
    return '<ul class="reviews">\n' + "\n".join(_line(one) for one in entries) + "\n</ul>"


def _line(one: PublicEntry) -> str:
    name, on = escape(one.pseudonym), f'<span class="day">{day(one.published_on)}</span>'
    themes = f'\n<p class="quiet">{escape(", ".join(one.themes))}</p>' if one.themes else ""
    return (
        f'<li><p class="name"><a href="{one.slug}.html">{name}, published {on}</a></p>\n'
        f"<p>{escape(one.what_words)}.</p>{themes}</li>"
    )


# --------------------------------------------------------------------------- one publication


def _entry(one: PublicEntry, issue: Issue) -> str:
    parts = [f'<p class="note">{IN_ARCHIVE}</p>'] if one.in_archive else []
    parts.append(rows(_facts(one)))
    if one.report_at:
        address = escape(one.report_at, quote=True)
        what = "the report" if one.what != "information about the improvements only" else "what was published"
        parts.append(f'<p class="read"><a href="{address}">Read {what}</a></p>')
    if one.summary:
        parts.append(f'<section aria-labelledby="summary">\n<h2 id="summary">Summary</h2>\n{paragraphs(one.summary)}')
        parts.append("</section>")
    if one.recommendations:
        said = "\n".join(
            f"<li>{paragraphs(made.words)}{REFUSED if made.refused else ''}</li>" for made in one.recommendations
        )
        parts.append('<section aria-labelledby="recommendations">\n<h2 id="recommendations">Recommendations</h2>')
        parts.append(f'<ol class="recommended">\n{said}\n</ol>\n</section>')
    parts.append(f'<p class="back"><a href="{ARCHIVE if one.in_archive else INDEX}">Back to the list</a></p>')
    return "\n".join(parts)


def _facts(one: PublicEntry) -> list[tuple[str, str]]:
    return [
        ("Published", time_of(one.published_on)),
        ("What was published", f"{escape(one.what_words)}."),
        ("Lead reviewer", escape(one.reviewer)),
        ("Themes", escape(", ".join(one.themes))),
        ("To stay public until at least", time_of(one.public_until) if one.public_until else ""),
        ("Reference", escape(one.reference)),
    ]
