"""
The buttons of a form that fill in several boxes by one press: today, every tick, all agree, the same for all rows.

Each fills what is empty and changes nothing that was typed or chosen. Nothing is sent by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain

from pages.forms.days import of_what_happened, put_today
from pages.forms.question import JOINED, FormQuestion
from pages.forms.sections import Section
from pages.forms.typed import Typed, answers_of
from pages.forms.weight import meets_law
from pages.forms.work import FormAtWork
from safeguarding.review.as_arranged import POSITIONS

TODAY, TODAYS, ALL, AGREE, SAME = "today:", "todays", "all:", "agree", "same"
"""What these buttons say."""


def pressed(work: FormAtWork, section: Section, go: str, today: date) -> str | None:
    """Fill in what a button fills in, and where on the page that is; None of any other button."""
    if go.startswith(TODAY):
        return _today(work, section, go.removeprefix(TODAY), today)
    if go == TODAYS:
        days = days_asked(work, section)
        put_today(days, work.typed, today)
        return days[0].anchor if days else ""
    if go.startswith(ALL):
        return _all(work.typed, section, go.removeprefix(ALL))
    if go == AGREE:
        return _agree(work.typed, section)
    return _same(work, section) if go == SAME else None


def is_today(work: FormAtWork, section: Section, name: str, today: date) -> None:
    """The one day that is asked for was today, as whoever goes on by that button says."""
    put_today([one for one in one_day_asked(work, section) if one.id == name], work.typed, today)


def one_day_asked(work: FormAtWork, section: Section) -> list[FormQuestion]:
    """
    The day that one button says and leads on by: the only one that is empty, of a form whose check shows it before it
    is sent.
    """
    days = days_asked(work, section)
    return days if len(days) == 1 and not work.at_once else []


def days_asked(work: FormAtWork, section: Section) -> list[FormQuestion]:
    """Of a page with an empty day and of those after it: each that must be given and says when something happened."""
    here, *later = (_empty_days(work, one) for one in work.sections if one.number >= section.number)
    return [*here, *chain.from_iterable(later)] if here else []


def _empty_days(work: FormAtWork, section: Section) -> list[FormQuestion]:
    days = [one for one in of_what_happened(section.questions, work.step) if one.needed and not work.rows]
    return [one for one in days if not work.typed.one(one.anchor)]


def _today(work: FormAtWork, section: Section, name: str, today: date) -> str:
    days = [one for one in of_what_happened(section.questions, work.step) if one.id == name]
    put_today(days, work.typed, today)
    return days[0].anchor if days else ""


def _all(typed: Typed, section: Section, name: str) -> str:
    for question in section.questions:
        if question.id == name and question.kind == "several":
            typed.put(name, *(option.value for option in question.options))
            return question.anchor
    return ""


def _agree(typed: Typed, section: Section) -> str:
    """Every partner for whom somebody spoke agrees, where nothing else is said."""
    for question in section.questions:
        if question.id == POSITIONS:
            for partner in question.inner:
                said = f"{partner.id}{JOINED}position"
                if typed.one(f"{partner.id}{JOINED}person") and not typed.one(said):
                    typed.put(said, "agree")
    return POSITIONS


def may_be_alike(work: FormAtWork) -> bool:
    """Whether one press may say the same of all rows: not where a row can meet a date of the law that nobody named."""
    return bool(work.rows) and not meets_law(work.step, work.review, work.rulebook)


def _same(work: FormAtWork, section: Section) -> str:
    """Every row of which nothing is said yet says what the first says of which something is."""
    rows = section.questions if may_be_alike(work) else ()
    begun = [row for row in rows if says_something(work, row)]
    for row in rows if begun else ():
        if row not in begun:
            _copy(begun[0].leaves(), row, begun[0].id, work.typed)
    return begun[0].id if begun else ""


def says_something(work: FormAtWork, row: FormQuestion) -> bool:
    """Whether a row of several says more than what stood in it beforehand; otherwise it is not sent."""
    answers, unreadable = answers_of(row.inner, work.typed)
    return bool(unreadable) or not work.left_as_it_was(row.id, answers)


def _copy(leaves: Iterable[FormQuestion], row: FormQuestion, first: str, typed: Typed) -> None:
    for leaf in leaves:
        for name in leaf.names():
            if name in typed.boxes:
                typed.put(f"{row.id}{name.removeprefix(first)}", *typed.boxes[name])
