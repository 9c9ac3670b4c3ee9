"""The workbook of a partnership that moves in, filled: the template's own, with rows of invented reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

import config
from safeguarding.dates.london import london_date, now
from tasks.moving_in.template import template

Rows = dict[str, list[tuple[Any, ...]]]
OF_2018 = "Working Together 2018"
OF_ADULTS = "Care Act 2014 and its statutory guidance"
SHEETS = ("Reviews", "Dates", "Requests", "Actions")


def today() -> date:
    """Today in London, asked each time: a run of the tests may go on over midnight."""
    return london_date(now())


def ago(days: int) -> date:
    """The day so many days before today."""
    return today() - timedelta(days=days)


def small_mix() -> Rows:
    """A child at rapid review, asked of three; an adult in panel with three actions; two closed."""
    return {
        "Reviews": [
            ("RR 2026/1", "children", ago(20), "another, said in the summary", "rapid review", "Known: a sealed word."),
            ("SAR 2025/4", "adults", ago(300), OF_ADULTS, "the review is under way", "An adult review."),
            ("SCR 2019/2", "children", date(2019, 2, 1), OF_2018, "closed", "Long over."),
            ("SAR 2018/1", "adults", "2018-03-01", OF_ADULTS, "closed", "Long over too."),
        ],
        "Dates": [
            ("RR 2026/1", "notification sent", ago(10)),
            ("SAR 2025/4", "a review was decided", ago(200)),
            ("SAR 2025/4", "report owed by", today() + timedelta(days=60)),
            ("SCR 2019/2", "published", date(2020, 3, 2)),
            ("SCR 2019/2", "closed", date(2021, 3, 2)),
            ("SAR 2018/1", "closed", "2020-01-06"),
        ],
        "Requests": [
            ("RR 2026/1", "Exampleshire Police", "information", ago(9), ago(3), "returned"),
            ("RR 2026/1", "Housing", "information", ago(9), None, None),
            ("SCR 2019/2", "Housing", "report", date(2019, 5, 1), date(2019, 6, 3), "nil return"),
        ],
        "Actions": [
            (
                "SAR 2025/4",
                "Exampleshire Police",
                "Casey Example",
                "Audit the contacts.",
                today() + timedelta(days=30),
                None,
            ),
            ("SAR 2025/4", "Exampleshire Police", "Casey Example", "Train the desk.", ago(40), None),
            ("SAR 2025/4", "Exampleshire Police", "Casey Example", "Write to all.", ago(90), ago(100)),
            (
                "SCR 2019/2",
                "Exampleshire Police",
                "Casey Example",
                "Done long ago.",
                date(2020, 6, 1),
                date(2020, 5, 4),
            ),
        ],
    }


def written(file: Path, rows: Rows, change: Callable[[Workbook], None] = lambda _: None) -> str:
    """The template of the example partnership with these rows, saved: its path."""
    book = load_workbook(BytesIO(template(config.load())))
    for title, lines in rows.items():
        for number, line in enumerate(lines, start=2):
            for column, value in enumerate(line, start=1):
                book[title].cell(number, column, value)
    change(book)
    book.save(file)
    return str(file)
