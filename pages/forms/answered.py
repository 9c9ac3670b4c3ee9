"""
What was answered, in words, question by question: what the check page lists before a form is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pages.forms.question import JOINED, FormQuestion
from pages.forms.typed import Typed, answers_of
from safeguarding.dates.working_days import say


class AnswerShown(NamedTuple):
    """One question with its answer in words, and where it is changed."""

    title: str
    words: Sequence[str]
    page: int
    anchor: str


def answered(questions: Sequence[FormQuestion], typed: Typed, page: int) -> list[AnswerShown]:
    """The questions of one page with their answers; optional ones that were left empty are left out."""
    found = []
    for question in questions:
        words = _words(question, typed)
        if words or question.needed:
            found.append(AnswerShown(question.title, words or ["Not answered yet"], page, question.anchor))
    return found


def _words(question: FormQuestion, typed: Typed) -> list[str]:
    match question.kind:
        case "day":
            read, _ = answers_of((question,), typed)
            boxes = [typed.one(f"{question.id}{JOINED}{part}") for part in ("day", "month", "year")]
            day = next(iter(read.values()), None)
            return [say(date.fromisoformat(day))] if day else [" ".join(boxes).strip()] if any(boxes) else []
        case "one" | "several":
            chosen = typed.boxes.get(question.id, ())
            return [option.words for option in question.options if option.value in chosen]
        case "group":
            return _group(question, typed)
        case "rows":
            rows = [_row(question.row(number), typed) for number in range(typed.rows(question))]
            return [words for words in rows if words]
        case _:
            words = typed.one(question.id).strip()
            return [words] if words else []


def _group(question: FormQuestion, typed: Typed) -> list[str]:
    """A limb as its answer and its reason; a group of groups as a line for each."""
    lines = []
    for inner in question.inner:
        if not (words := _words(inner, typed)):
            continue
        if inner.kind == "group":
            lines.append(f"{inner.title}: {', '.join(words)}")
        else:
            lines += words
    return lines


def _row(questions: Sequence[FormQuestion], typed: Typed) -> str:
    return "; ".join(", ".join(words) for one in questions if (words := _words(one, typed)))
