"""
An account as pages on paper: the account itself, and the lists behind its numbers. Word files are made of the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from safeguarding.shown.bundle.paper import heading, listed, paper, picture, words
from safeguarding.yearly.account import Account, AccountPart
from safeguarding.yearly.figures import Figure, FigureTable

LISTS = "figures.html"
"""The file with the lists behind the numbers."""
BEHIND = "The lists behind the numbers"
NOTHING = "None."

Drawn = Mapping[str, bytes]
"""The pictures by the title of the table beside which each stands, as PNG."""


def account_page(account: Account, drawn: Drawn, lists: str = LISTS) -> str:
    """The whole account; each number leads to its list in the page or file called `lists`, where lists are given."""
    return paper(account.title, *(_part(one, account, drawn, lists) for one in account.parts))


def whole_page(account: Account, drawn: Drawn) -> str:
    """The account with the lists behind its numbers at its end: one page that needs no other."""
    parts = [_part(one, account, drawn, "") for one in account.parts]
    if account.told.listed:
        parts += [heading(BEHIND), *(_list(one, 3) for one in account.figures.values())]
    return paper(account.title, *parts)


def lists_page(account: Account) -> str:
    """What was counted for each number, review by review. It is for an account that hides no number."""
    return paper(f"Lists behind the numbers. {account.title}", *(_list(one) for one in account.figures.values()))


def _list(figure: Figure, level: int = 2) -> str:
    said = [said_of(one) for one in figure.behind]
    title = f'<h{level} id="{escape(figure.key)}">{escape(figure.words)}: {figure.number}</h{level}>'
    return title + (listed(said) or words(NOTHING))


def said_of(behind: Sequence[str]) -> str:
    """One thing that was counted, in words."""
    reference, item, said = behind
    return f"{reference} {item}".strip() + (f": {said}" if said else "")


def drawn_title(table: FigureTable) -> str:
    """What the picture beside a table is called."""
    return f"{table.title}: {table.head[1].lower()}" if table.drawn == "rows" and len(table.head) > 2 else table.title


def chart_said(title: str, bars: Sequence[tuple[str, int]]) -> str:
    """What a picture of bars shows, in words: its numbers."""
    return f"{title}: " + "; ".join(f"{name} {number}" for name, number in bars) + "."


def _part(part: AccountPart, account: Account, drawn: Drawn, lists: str) -> str:
    tables = "".join(_table(one, account, drawn, lists) for one in part.tables)
    return heading(part.title) + words(*part.words) + listed(part.listed) + tables


def _table(table: FigureTable, account: Account, drawn: Drawn, lists: str) -> str:
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    rows = (
        f'<th scope="row">{escape(row.words)}</th>' + "".join(_number(key, account, lists) for key in row.figures)
        for row in table.rows
    )
    body = "".join(f"<tr>{one}</tr>" for one in rows)
    across = f'<div style="overflow-x:auto" role="region" tabindex="0" aria-label="{escape(table.title)}">'
    made = f"{across}<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    image = drawn.get(table.title)
    beside = picture(image, chart_said(drawn_title(table), account.bars(table))) if image else ""
    about = words(table.about) if table.about else ""
    return f"<h3>{escape(table.title)}</h3>{about}{made}{beside}"


def _number(key: str, account: Account, lists: str) -> str:
    said = escape(account.told.words[key])
    if not account.told.listed:
        return f"<td>{said}</td>"
    return f'<td><a href="{escape(lists)}#{escape(key)}">{said}</a></td>'


def pictures(account: Account, draw: Callable[[str, Sequence[tuple[str, int]]], bytes]) -> dict[str, bytes]:
    """The picture of each table that has one, as `draw` makes it of a title and bars."""
    tables = [table for part in account.parts for table in part.tables]
    return {one.title: draw(drawn_title(one), bars) for one in tables if (bars := account.bars(one))}
