"""The plan of a review, its picture, its entries in a diary, and the file that goes with a letter."""

from __future__ import annotations

import email
import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from email import policy
from itertools import pairwise
from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.demo.post_catcher import Catcher
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.plan import plan_from, plan_of
from safeguarding.questions.plan_lines import Plan, PlanLine
from safeguarding.shown import calendar_file, diary, plan_picture
from safeguarding.shown.diary import DiaryEntry
from tasks.post.deliver import deliver_pending

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def at_rapid_review(partnership):
    """Notified on Friday 27 November 2026, four agencies asked on the Monday."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    return case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30)).take("open_rapid_review")


def lines_of(plan: Plan, rule: str) -> list[PlanLine]:
    """The lines of a rule."""
    return [line for line in plan.lines if line.rule == rule]


# --------------------------------------------------------------------------- the plan


def test_the_plan_of_a_review_holds_what_runs_what_is_done_and_what_follows(at_rapid_review, rulebook) -> None:
    """On working day 9, with one agency's summary in and three late."""
    at_rapid_review.on(date(2026, 12, 8)).take("record_return", agency="police")
    plan = plan_of(at_rapid_review.review, rulebook, date(2026, 12, 10))

    late, done = sorted(lines_of(plan, "local.c.agency_summary_return"), key=lambda line: line.state, reverse=True)
    assert ("overdue", "overdue by 1 working day") == (late.state, late.standing)
    assert "Children's social care, General practice, Schools and early years" == late.subject
    assert ("done", "in time", date(2026, 12, 8)) == (done.state, done.standing, done.ended_on)
    (panel,) = lines_of(plan, "C05")
    assert (date(2026, 12, 18), True, "on-time") == (panel.plan_on, panel.recorded, panel.state)
    (reply,) = lines_of(plan, "local.c.panel_reply_expected")
    assert ("planned", False, date(2027, 1, 6)) == (reply.state, reply.recorded, reply.plan_on)


def test_what_follows_from_something_late_is_planned_from_today(partnership, rulebook) -> None:
    """The notification is a week late: the rapid review that follows it is planned from now, not from the past."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification")
    plan = plan_of(case.review, rulebook, date(2026, 12, 4))

    (notify,), (panel,) = lines_of(plan, "C01"), lines_of(plan, "C05")
    assert ("overdue", date(2026, 11, 27)) == (notify.state, notify.plan_on)
    assert (date(2026, 12, 4), date(2026, 12, 29)) == (panel.anchored_on, panel.plan_on)


def test_a_closed_review_has_nothing_planned(at_rapid_review, rulebook) -> None:
    """Withdrawn: no line, and the picture says so."""
    at_rapid_review.take("withdraw_notification")
    plan = plan_of(at_rapid_review.review, rulebook, date(2026, 12, 1))

    assert () == plan.lines
    assert "nothing is owed, so nothing is planned" in plan_picture.draw(plan, rulebook.calendar)


# --------------------------------------------------------------------------- the picture


def words_of(svg: str) -> str:
    """Everything written in a picture."""
    return " ".join(found.text or "" for found in ET.fromstring(svg).iter(f"{SVG}text"))


def test_the_picture_says_in_words_what_it_shows_in_colour(at_rapid_review, rulebook) -> None:
    """Overdue, today and every bank holiday are written, not only coloured."""
    today = date(2026, 12, 10)
    svg = plan_picture.draw(plan_of(at_rapid_review.review, rulebook, today), rulebook.calendar)
    words = words_of(svg)

    assert "OVERDUE by 1 working day" in words
    assert "today Thu 10 Dec" in words
    assert "Fri 25 Dec 2026 Christmas Day" in words
    assert svg == plan_picture.draw(plan_of(at_rapid_review.review, rulebook, today), rulebook.calendar)


@pytest.mark.parametrize(("rule", "day"), [("C05", date(2026, 12, 18)), ("C12", date(2026, 8, 28))])
def test_the_picture_asks_nobody_for_anything(rule: str, day: date, rulebook: Rulebook) -> None:
    """No address but the name of the format, no script, no style sheet; whatever is written lies within its width."""
    svg = plan_picture.draw(plan_from(rule, day, rulebook, date(2026, 11, 23)), rulebook.calendar)
    root = ET.fromstring(svg)

    assert ["http://www.w3.org/2000/svg"] == [part for part in svg.split('"') if "//" in part]
    assert not {"script", "style", "image", "use", "a"} & {found.tag.removeprefix(SVG) for found in root.iter()}
    width = float(root.get("width") or 0)
    assert [] == [x for found in root.iter(f"{SVG}text") if not 0 <= (x := float(found.get("x") or 0)) < width]


def test_no_month_is_written_over_the_next(rulebook: Rulebook) -> None:
    """Seven months in one picture: each name ends before the next begins, in a wide font too."""
    svg = plan_picture.draw(plan_from("C12", date(2026, 8, 28), rulebook, date(2026, 11, 24)), rulebook.calendar)
    heads = [found for found in ET.fromstring(svg).iter(f"{SVG}text") if "62.0" == found.get("y") and found.text]
    places = [(float(head.get("x") or 0), str(head.text)) for head in heads]

    assert 6 <= len(places)
    assert [] == [(words, after) for (left, words), (right, after) in pairwise(places) if left + 9 * len(words) > right]


def test_the_signs_of_a_full_picture_are_written_within_its_width(at_rapid_review, rulebook) -> None:
    """Done, overdue, due soon, running, suspended and planned in one picture: the legend goes on on a second line."""
    case = at_rapid_review.on(date(2026, 12, 8))
    case.take("suspend_deadline", duty="local.c.rapid_review_meeting", agency_or_action="")
    root = ET.fromstring(plan_picture.draw(plan_of(case.review, rulebook, case.today), rulebook.calendar))

    written = {str(found.text): found for found in root.iter(f"{SVG}text")}
    signs = [written[words] for look, words in plan_picture.LEGEND if look != "given" and words in written]
    signs += [written["last day by law or guidance"], written["room before the statutory day"]]
    assert 7 <= len(signs)
    width = float(root.get("width") or 0)
    assert [] == [s.text for s in signs if float(s.get("x") or 0) + 6.2 * len(str(s.text)) > width]
    assert 2 == len({sign.get("y") for sign in signs})


# --------------------------------------------------------------------------- the diary


def read(text: str) -> list[icalendar.Event]:
    """The entries of a file, read by a strict parser; nothing in it may be wrong."""
    parsed = icalendar.Calendar.from_ical(text)
    assert [] == parsed.errors
    events = [part for part in parsed.walk("VEVENT") if isinstance(part, icalendar.Event)]
    assert [] == [event.errors for event in events if event.errors]
    return events


def file_of(review, rulebook: Rulebook) -> str:
    """A review's entries as a file."""
    return calendar_file.write(
        diary.entries(review, rulebook), "record-1", "Exampleshire, the review panel; both tracks"
    )


def test_the_file_is_strict_icalendar_of_whole_days(at_rapid_review, rulebook) -> None:
    """Every line ends as it must and is short enough; no hour, no alarm, no time taken, no name of a person."""
    text = file_of(at_rapid_review.review, rulebook)

    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert 75 >= max(len(line.encode()) for line in text.split("\r\n"))
    events = {str(event["UID"]): event for event in read(text)}
    panel = events["cspr-2026-001-c05-1@record-1"]
    assert date(2026, 12, 18) == panel["DTSTART"].dt == panel["DTEND"].dt - timedelta(days=1)
    assert not isinstance(panel["DTSTART"].dt, datetime)
    assert ("TRANSPARENT", "CONFIRMED", 0) == (panel["TRANSP"], panel["STATUS"], panel["SEQUENCE"])
    assert "CSPR-2026-001: Rapid review to the national Panel" == panel["SUMMARY"]
    assert datetime(2026, 11, 27, 10, tzinfo=UTC) == panel["DTSTAMP"].dt
    assert "VALARM" not in text
    assert "Child A" not in text


def test_a_moved_date_is_the_same_entry_with_a_higher_number(at_rapid_review, rulebook) -> None:
    """The notification went a day earlier: the entry keeps its name, moves, and every diary takes the later one."""
    at_rapid_review.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 26))
    event = {str(e["UID"]): e for e in read(file_of(at_rapid_review.review, rulebook))}["cspr-2026-001-c05-1@record-1"]

    assert (date(2026, 12, 17), 1) == (event["DTSTART"].dt, event["SEQUENCE"])
    assert datetime(2026, 11, 30, 10, tzinfo=UTC) == event["DTSTAMP"].dt


def test_what_was_met_is_gone_and_what_fell_away_is_cancelled(at_rapid_review, rulebook) -> None:
    """C01 was met, so it is no entry; after a withdrawal C05 is cancelled, which takes it out of every diary."""
    assert "c01" not in file_of(at_rapid_review.review, rulebook)
    at_rapid_review.take("withdraw_notification")
    events = {str(e["UID"]): e for e in read(file_of(at_rapid_review.review, rulebook))}
    assert {"CANCELLED"} == {str(event["STATUS"]) for event in events.values()}
    assert 1 == events["cspr-2026-001-c05-1@record-1"]["SEQUENCE"]


def test_a_person_has_what_they_owe_and_the_panel_what_is_the_panels(at_rapid_review, rulebook) -> None:
    """The school's lead has one entry, its summary; the review panel has none yet."""
    entries = diary.entries(at_rapid_review.review, rulebook)

    (mine,) = diary.of_person(entries, "jules_lead")
    assert ("local.c.agency_summary_return", "education") == (mine.rule, mine.subject)
    assert "CSPR-2026-001: Agency summary for the rapid review: Schools and early years" == mine.summary
    assert () == diary.of_panel(entries)


def test_a_due_date_on_a_sunday_says_for_which_day_to_aim(partnership, rulebook) -> None:
    """Six months from 28 August 2026 end on a Sunday: the entry stands there, and names the Friday."""
    case = partnership.hears_of(date(2026, 8, 3)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").take("conclude_rapid_review")
    case.on(date(2026, 8, 28)).take("decide_review")
    (six,) = [entry for entry in diary.entries(case.review, rulebook) if entry.rule == "C12"]

    assert date(2027, 2, 28) == six.day
    assert "Sun 28 Feb 2027 is not a working day (Sunday): aim for Fri 26 Feb 2027." in six.description


def test_a_plan_becomes_entries_too(rulebook: Rulebook) -> None:
    """The worked Christmas plan, one whole day for each step, on the working day to do it."""
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    plan = plan_from("C05", date(2026, 12, 18), rulebook, now.date())
    events = read(calendar_file.write(diary.planned(plan, now), "record-1", plan.title))

    assert [line.plan_on for line in plan.lines] == [event["DTSTART"].dt for event in events]
    assert len(events) == len({str(event["UID"]) for event in events})


@given(
    words=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300),
    second=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300),
)
def test_any_words_come_back_as_they_were(words: str, second: str) -> None:
    """Commas, semicolons, backslashes, line ends and letters of four octets survive folding and escaping."""
    entry = DiaryEntry(
        reference="CSPR-2026-001",
        rule="C05",
        day=date(2026, 12, 18),
        summary=f"x{words}",
        description=f"x{words}\n{second}",
        statutory=True,
        changed_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
    )
    text = calendar_file.write([entry], "record-1", f"N{words}")
    assert 75 >= max(len(line.encode()) for line in text.split("\r\n"))
    (event,) = read(text)
    assert (entry.summary, entry.description) == (str(event["SUMMARY"]), str(event["DESCRIPTION"]))
    # Read a second time by the letter of RFC 5545 and no library: what wrote it would forgive itself.
    lines = text.replace("\r\n ", "").split("\r\n")
    shown = {name: said for name, _, said in (line.partition(":") for line in lines)}
    assert (f"N{words}", entry.summary, entry.description) == tuple(
        unescaped(shown[name]) for name in ("X-WR-CALNAME", "SUMMARY", "DESCRIPTION")
    )
    assert text == calendar_file.write([entry], "record-1", f"N{words}"), "the same entries give the same file"


def unescaped(value: str) -> str:
    """A text of iCalendar as it is read (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


# --------------------------------------------------------------------------- with a letter


class Box:
    """The post of these stories: everything goes to the catcher."""

    def __init__(self, catcher: Catcher) -> None:
        self.mail_url, self.sender, self.sender_name = catcher.mail_url, "unit@exampleshire.example", "Exampleshire"
        self.at_once = False
        self._workflow = catcher.teams_url

    def secret(self, name: str) -> str:
        """The catcher's Teams workflow of this name."""
        return self._workflow(name)


@pytest.fixture
def post(tmp_path: Path, records, rulebook):
    """Deliver what is due now, and say who got what: address, subject, and the calendar file with it."""
    with Catcher(tmp_path / "caught") as catcher:

        def run(now: datetime) -> list[tuple[str, str, list[icalendar.Event] | None]]:
            before = len(catcher.letters())
            deliver_pending(records.engine, rulebook, Box(catcher), now, "sender")
            found = []
            for path in catcher.letters()[before:]:
                letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
                files = [part for part in letter.walk() if part.get_content_type() == calendar_file.TYPE]
                assert {"CSPR-2026-001.ics"} >= {part.get_filename() for part in files}
                text = files[0].get_payload(decode=True).decode() if files else None
                found.append((str(letter["To"]), str(letter["Subject"]), None if text is None else read(text)))
            return found

        yield run


def test_a_letter_about_a_step_that_set_dates_brings_them_as_a_calendar_file(at_rapid_review, post) -> None:
    """The unit hears that the rapid review opened, and puts its seven dates into the diary with one press."""
    caught = [
        files for _, subject, files in post(at_rapid_review.at + timedelta(minutes=1)) if "Rapid review" in subject
    ]

    dates = {event["DTSTART"].dt for files in caught if files for event in files}
    assert {date(2026, 12, 9), date(2026, 12, 18)} <= dates
    assert [] == [files for files in caught if files == []]


def test_an_agency_gets_its_own_date_and_no_other_agencys(at_rapid_review, post) -> None:
    """The school's lead is told of a correction that moves four agencies' dates: one entry, the school's."""
    post(at_rapid_review.at + timedelta(minutes=1))
    at_rapid_review.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 26))

    caught = {to: files for to, _, files in post(at_rapid_review.at + timedelta(minutes=2))}
    (event,) = caught["jules@schools.example"]
    assert "cspr-2026-001-local.c.agency_summary_return-education-1" == str(event["UID"]).split("@")[0]
    assert (date(2026, 12, 8), 1) == (event["DTSTART"].dt, event["SEQUENCE"])
    assert 4 < len(caught["alex@exampleshire.example"])


def test_a_reminder_brings_no_file(at_rapid_review, post) -> None:
    """It sets no date: whoever it reaches has it already."""
    post(at_rapid_review.at + timedelta(minutes=1))
    at_rapid_review.on(date(2026, 12, 9)).sweep()

    caught = post(at_rapid_review.at + timedelta(minutes=1))
    assert caught
    assert {None} == {files if files is None else "a file" for _, _, files in caught}


def test_what_follows_beyond_the_bank_holidays_is_left_out_and_the_rest_is_drawn(rulebook: Rulebook) -> None:
    """Notified in December 2028: the Panel's day is known, its reply falls in 2029, for which no list is loaded."""
    plan = plan_from("C05", date(2028, 12, 6), rulebook, date(2028, 12, 1))

    assert date(2028, 12, 29) == lines_of(plan, "C05")[0].plan_on
    assert [] == lines_of(plan, "local.c.panel_reply_expected")
    assert "December 2028" in words_of(plan_picture.draw(plan, rulebook.calendar))
