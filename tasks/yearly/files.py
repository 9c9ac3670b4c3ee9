"""
An account as files: the draft as a Word file and as a page, its numbers, and the list behind each where all are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from safeguarding.yearly.account import Account
from safeguarding.yearly.on_paper import LISTS, account_page, lists_page, pictures, whole_page
from tasks.export.tables import csv_of
from tasks.word.chart import Bar, bars

WORD, PAGE = "account.docx", "account.html"
HEADS = ("figure", "words", "number")
HEADS_OF_LISTS = ("figure", "reference", "item", "said")
WHAT = "the yearly account, without sealed words,"
"""What is noted as taken out of the record."""
FOOT = "Draft"


def as_word(account: Account, partnership: str, now: datetime) -> bytes:
    """The account as a Word file, with its pictures."""
    return _as_word(account_page(account, _drawn(account)), partnership, now)


def as_page(account: Account) -> str:
    """The account as a page that stands alone, with its pictures and the lists behind its numbers."""
    return whole_page(account, _drawn(account))


def files_of(account: Account, partnership: str, now: datetime) -> Mapping[str, bytes]:
    """Every file by its name: the account twice and its numbers; where no number is hidden, the lists twice."""
    page = account_page(account, _drawn(account))
    every = [(one.key, one.words, account.told.words[one.key]) for one in account.figures.values()]
    files = {
        WORD: _as_word(page, partnership, now),
        PAGE: page.encode(),
        "figures.csv": csv_of(HEADS, every),
    }
    if account.told.listed:
        behind = [(one.key, *thing) for one in account.figures.values() for thing in one.behind]
        files |= {LISTS: lists_page(account).encode(), "lists.csv": csv_of(HEADS_OF_LISTS, behind)}
    return files


def _as_word(page: str, partnership: str, now: datetime) -> bytes:
    from tasks.word.document import word_file  # What writes Word files is large, and few ask for one.

    return word_file(page, partnership, FOOT, now)


def _drawn(account: Account) -> Mapping[str, bytes]:
    return pictures(account, _bars)


def _bars(title: str, drawn: Sequence[tuple[str, int]]) -> bytes:
    return bars(title, [Bar(*one) for one in drawn])
