"""
A plan as a picture: one row a step, a grid of days, what is no working day shaded and named, today marked.

Drawn as SVG by hand: no font, script or address from outside, so it opens anywhere and asks nobody for anything.
Colour never stands alone: how each step stands is written beside it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from string import ascii_lowercase

from safeguarding.dates.working_days import Calendar, say
from safeguarding.questions.plan_lines import Plan, PlanLine

LEFT, RIGHT, ROW, HEAD = 360, 262, 40, 78
"""Pixels: the names, the dates, the height of a row, the heading of the grid."""

CHART = 760
"""Pixels of the grid, more if the days of a short plan need it to be read."""

LETTER = 9.2
"""Pixels of a bold letter, in the widest of the fonts that may be there."""

DAY = timedelta(days=1)
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
INK, GREY, FAINT, WEEKEND, HOLIDAY, NAMED = "#1a1a1a", "#5a5a5a", "#dcdcdc", "#f0f0f0", "#e3d3ee", "#6b2f91"
FILL = {
    "planned": "#ffffff",
    "given": "#c3d8ef",
    "on-time": "#2f6db5",
    "due-soon": "#a85b00",
    "overdue": "#b3261e",
    "done": "#8fae94",
    "suspended": "#c9c2b0",
}
EDGE = {**FILL, "planned": "#2f6db5", "given": "#2f6db5", "done": "#4f7a56"}
LEGEND = (
    ("given", "counted from the day given"),
    ("planned", "planned: what it follows has not happened yet"),
    ("on-time", "running"),
    ("due-soon", "due soon"),
    ("overdue", "OVERDUE: hatched from the due date to today"),
    ("suspended", "suspended: it stands still"),
    ("done", "done"),
)


def draw(plan: Plan, calendar: Calendar) -> str:
    """The plan as one SVG document. The same plan gives the same text."""
    return _Drawing(plan, calendar).document()


def data_uri(svg: str) -> str:
    """The picture as an address that carries it, for a page that shows pictures by address only."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


class _Drawing:
    """The scale of one picture, and its parts."""

    def __init__(self, plan: Plan, calendar: Calendar) -> None:
        self.plan, self.calendar = plan, calendar
        days = [day for line in plan.lines for day in (line.anchored_on, line.plan_on, line.due_on)]
        days += [plan.today] if plan.reference or not days else []
        first, last = min(days), max(days) + 2 * DAY
        self.first = max(first - timedelta(days=first.weekday()), calendar.first)
        self.last = min(last + timedelta(days=6 - last.weekday()), calendar.last)
        self.count = (self.last - self.first).days + 1
        self.per_day = max(CHART / self.count, 15.0 if self.count <= 63 else 0.0)
        self.width = round(LEFT + self.count * self.per_day + RIGHT)
        self.top = 50 + HEAD
        self.bottom = self.top + ROW * max(len(plan.lines), 1)
        named = [day for day in self.days() if day in calendar.holidays]
        self.letters = dict(zip(named, ascii_lowercase, strict=False))
        self.notes = list(self._notes())
        self.legend = self._legend()
        self.lower = 20 * max((line for _, line, _, _ in self.legend), default=0)

    def x(self, day: date) -> float:
        """Where a day begins; a day outside the grid at its edge."""
        return LEFT + min(max((day - self.first).days, 0), self.count) * self.per_day

    def days(self) -> Iterator[date]:
        """Every day of the grid."""
        return (self.first + number * DAY for number in range(self.count))

    def document(self) -> str:
        """All of it."""
        height = self.bottom + 44 + self.lower + 18 * len(self.notes)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {self.width} {height}" '
            f'width="{self.width}" height="{height}" font-family="{escape(FONT)}" font-size="13" fill="{INK}">',
            f"<title>{escape(self._title())}</title>",
            f"<desc>{escape(' '.join(_spoken(line) for line in self.plan.lines))}</desc>",
            '<defs><pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="6" height="6" fill="#f6d5d2"/><rect width="2.5" height="6" fill="{FILL["overdue"]}"/>'
            "</pattern></defs>",
            f'<rect width="{self.width}" height="{height}" fill="#ffffff"/>',
            _text(16, 30, self._title(), size=19, weight="bold"),
            *self._grid(),
            *(part for number, line in enumerate(self.plan.lines) for part in self._row(number, line)),
            *self._today(),
            *self._foot(),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _title(self) -> str:
        plan = self.plan
        if not plan.lines:
            return f"{plan.title}: nothing is owed, so nothing is planned"
        return f"{plan.title}: plan from {say(plan.begins_on)} to {say(plan.ends_on)}"

    # ----------------------------------------------------------------------- the grid

    def _grid(self) -> Iterator[str]:
        above = self.top - 22
        for day in self.days():
            if reason := self.calendar.why_not(day):
                fill = HOLIDAY if day in self.calendar.holidays else WEEKEND
                yield (
                    f'<rect x="{self.x(day):.1f}" y="{above}" width="{max(self.per_day, 1.5):.1f}" '
                    f'height="{self.bottom - above}" fill="{fill}"><title>{say(day)}: {escape(reason)}</title></rect>'
                )
        yield from self._months()
        for day in self.days():
            yield from self._day_heading(day)
        for number in range(len(self.plan.lines) + 1):
            yield f'<path d="M0 {self.top + ROW * number}H{self.width}" stroke="{FAINT}"/>'

    def _months(self) -> Iterator[str]:
        for day in self.days():
            if day.day == 1 or day == self.first:
                left = self.x(day)
                following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
                room = (min(following, self.last + DAY) - day).days * self.per_day
                names = (f"{day:%B %Y}", f"{day:%b %Y}", f"{day:%b}")
                name = next((name for name in names if LETTER * len(name) + 8 < room), "")
                yield f'<path d="M{left:.1f} 50V{self.bottom}" stroke="#9a9a9a"/>'
                yield _text(left + 4, 62, name, weight="bold")

    def _day_heading(self, day: date) -> Iterator[str]:
        middle, top = self.x(day) + self.per_day / 2, self.top
        if day in self.letters:
            yield _text(middle, top - 37, self.letters[day], size=12, weight="bold", anchor="middle", fill=NAMED)
        if self.per_day >= 13:
            today = day == self.plan.today
            colour = "#ffffff" if today else INK if self.calendar.is_working_day(day) else GREY
            if today:
                box = f'y="{top - 34}" width="{self.per_day:.1f}" height="34"'
                yield f'<rect x="{self.x(day):.1f}" {box} fill="{INK}"/>'
            yield _text(middle, top - 22, f"{day:%a}"[0], size=11, anchor="middle", fill=colour)
            yield _text(middle, top - 6, f"{day.day}", size=11, anchor="middle", fill=colour)
        elif day.weekday() == 0 and self.per_day >= 3:
            yield _text(self.x(day) + 1, top - 6, f"{day.day}", size=10, fill=GREY)
            yield f'<path d="M{self.x(day):.1f} {top - 22}V{self.bottom}" stroke="{FAINT}"/>'

    def _today(self) -> Iterator[str]:
        today = self.plan.today
        if not self.first <= today <= self.last:
            return
        middle, begins = self.x(today) + self.per_day / 2, self.top if self.per_day >= 13 else self.top - 22
        yield f'<path d="M{middle:.1f} {begins}V{self.bottom}" stroke="{INK}" stroke-width="2" stroke-dasharray="5 3"/>'
        left = min(max(middle - 62, LEFT), self.width - RIGHT - 124)
        yield f'<rect x="{left:.1f}" y="{self.top - 56}" width="124" height="18" rx="3" fill="{INK}"/>'
        yield _text(left + 62, self.top - 43, f"today {say(today)[:-5]}", size=12, anchor="middle", fill="#ffffff")

    # ----------------------------------------------------------------------- a row

    def _row(self, number: int, line: PlanLine) -> Iterator[str]:
        y, right = self.top + ROW * number, self.width - RIGHT + 12
        law = f"{line.rule}, law or guidance" if line.statutory else _whose_day(line)
        first, second = _by_when(line)
        yield f"<g><title>{escape(_spoken(line))}</title>"
        yield _text(16, y + 17, _short(line.title, 49), weight="bold" if line.statutory else "normal")
        yield _text(16, y + 33, _short(f"{law} · {line.subject or line.owner}", 58), size=11, fill=GREY)
        yield from self._bar(y, line)
        yield _text(right, y + 17, first, weight="bold")
        colour = EDGE["overdue"] if line.state == "overdue" else GREY
        weight = "bold" if line.state == "overdue" else "normal"
        yield _text(right, y + 33, _short(second, 46), size=11, fill=colour, weight=weight)
        yield "</g>"

    def _bar(self, y: int, line: PlanLine) -> Iterator[str]:
        done = line.ended_on if line.state == "done" else None
        begin, end = sorted((line.opens_on or line.anchored_on, done or line.due_on))
        left, right = self.x(begin), max(self.x(end + DAY), self.x(begin) + 4)
        look, middle = _look(line), y + ROW / 2
        dash = ' stroke-dasharray="4 3"' if look == "planned" else ""
        if line.slack and line.slack > 0:
            reach = right + (self._bound_on(line) - line.plan_on).days * self.per_day
            yield f'<path d="M{right:.1f} {middle}H{reach:.1f}" stroke="{GREY}" stroke-dasharray="1 4"/>'
        yield (
            f'<rect x="{left:.1f}" y="{y + 11}" width="{right - left:.1f}" height="18" rx="3" '
            f'fill="{FILL[look]}" stroke="{EDGE[look]}"{dash}/>'
        )
        if line.state == "overdue":
            late = self.x(self.plan.today + DAY) - self.x(line.due_on + DAY)
            yield f'<rect x="{right:.1f}" y="{y + 11}" width="{max(late, 3):.1f}" height="18" fill="url(#late)"/>'
        if done is not None and right - left > 14:
            yield f'<path d="M{right - 13:.1f} {y + 20}l3 4 6-8" fill="none" stroke="{INK}" stroke-width="1.8"/>'
        if line.statutory and done is None:
            point = self.x(line.due_on) + self.per_day / 2
            yield f'<path d="M{point:.1f} {y + 8}l7 12 -7 12 -7 -12z" fill="{INK}" stroke="#ffffff"/>'

    def _bound_on(self, line: PlanLine) -> date:
        days = [other.plan_on for other in self.plan.lines if other.rule == line.bound]
        return max(days, default=line.plan_on)

    # ----------------------------------------------------------------------- the foot

    def _notes(self) -> Iterator[str]:
        named = [f"{letter} {say(day)} {self.calendar.holidays[day]}" for day, letter in self.letters.items()]
        words = "Saturdays and Sundays are shaded and not counted; "
        words += (
            f"nor are these bank holidays: {'; '.join(named)}." if named else "no bank holiday falls in these days."
        )
        line = ""
        for word in words.split(" "):
            if len(line) + len(word) > self.width / 5.7:
                yield line
                line = ""
            line = f"{line} {word}".strip()
        yield line

    def _signs(self) -> Iterator[tuple[str, str]]:
        """What each sign of the picture means: the sign, drawn at nought, and its words."""
        present = {_look(line) for line in self.plan.lines}
        for look, words in LEGEND:
            if look in present:
                dash = ' stroke-dasharray="4 3"' if look == "planned" else ""
                fill = "url(#late)" if look == "overdue" else FILL[look]
                yield f'<rect width="22" height="12" rx="2" fill="{fill}" stroke="{EDGE[look]}"{dash}/>', words
        if any(line.statutory for line in self.plan.lines):
            yield f'<path d="M11 -3l6 9 -6 9 -6 -9z" fill="{INK}"/>', "last day by law or guidance"
        if any(line.slack for line in self.plan.lines):
            yield f'<path d="M0 6h24" stroke="{GREY}" stroke-dasharray="1 4"/>', "room before the statutory day"

    def _legend(self) -> list[tuple[float, int, str, str]]:
        """Where each sign stands, on which line of the legend; no line is wider than the picture."""
        placed, x, line = [], 16.0, 0
        for sign, words in self._signs():
            width = 46 + 6.2 * len(words)
            if x + width > self.width and x > 16:
                x, line = 16.0, line + 1
            placed.append((x, line, sign, words))
            x += width
        return placed

    def _foot(self) -> Iterator[str]:
        y = self.bottom + 18
        for x, line, sign, words in self.legend:
            yield f'<g transform="translate({x:.1f} {y + 20 * line})">{sign}</g>'
            yield _text(x + 28, y + 11 + 20 * line, words, size=11)
        for number, note in enumerate(self.notes):
            yield _text(16, y + 36 + self.lower + 18 * number, note, size=11, fill=GREY)


def _text(
    x: float, y: float, words: str, *, size: int = 13, weight: str = "normal", anchor: str = "start", fill: str = INK
) -> str:
    extra = "" if weight == "normal" else f' font-weight="{weight}"'
    extra += "" if anchor == "start" else f' text-anchor="{anchor}"'
    extra += "" if fill == INK else f' fill="{fill}"'
    extra += "" if size == 13 else f' font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{extra}>{escape(words)}</text>'


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _look(line: PlanLine) -> str:
    """How a row is drawn: its standing; where nothing runs, whether it is counted from a day that is certain."""
    return "given" if line.state == "planned" and line.recorded else line.state


def _by_when(line: PlanLine) -> tuple[str, str]:
    """By which day, and how that stands: the two lines beside a row."""
    if line.ended_on is not None:
        return f"done {say(line.ended_on)}", f"due {say(line.due_on)}: {line.standing}"
    words = [line.standing.replace("overdue", "OVERDUE")] if line.standing else []
    if line.plan_on != line.due_on:
        words.append(f"the limit is {say(line.due_on)[:-5]}")
    if line.slack_words and not line.standing:
        words.append(line.slack_words)
    return line.days, " · ".join(words) or ("the last day" if line.statutory else "planned")


def _whose_day(line: PlanLine) -> str:
    return "local" if line.rule.startswith("local.") else f"{line.rule}, a day of our own"


def _spoken(line: PlanLine) -> str:
    """A row read aloud."""
    subject = f" ({line.subject})" if line.subject else ""
    first, second = _by_when(line)
    return f"{line.title}{subject}: {first}, {second}."
