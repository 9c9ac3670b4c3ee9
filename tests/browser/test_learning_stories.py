"""
A publication from its hold to the end of its year, and forty-three actions from their plan to six months after the
closing, in a real browser at our pages: on a desk what the unit does, on a phone what an owner does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from driver.alone import AT, Alone, People
from driver.many_actions import AGENCIES, HOW_MANY, SECRET, plan, verified
from driver.sound import is_sound
from driver.story import Story
from driver.whole_review import FormTaken, done
from driver.whole_review import take as taken
from playwright.sync_api import Browser, expect

from flows.demo.demo import tell_all
from safeguarding.dates.counting import add_months
from safeguarding.review.events import Actor
from safeguarding.review.states import State
from tasks.public_site.making import files_of

pytestmark = [pytest.mark.browser]

DESK, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
NONE = "There are currently no Child Safeguarding Practice Reviews published"
SHARED = "Services each knew a part. They now put the parts together."


class InBrowser(Story):
    """The story as it is seen in a browser."""

    def do(self, step: str, **answers: object) -> str:
        """Fill in a form and send it; the words of the review's page then."""
        given = answers.pop("table", answers)
        taken(FormTaken(step, 0, given), self.reference, self.review, self.today, self.somebody)  # type: ignore[arg-type]
        return self.seen()

    def seen(self, person: str = "alex_example") -> str:
        """The words of the review's page, as somebody sees it."""
        who = self.somebody(person)
        who.open(f"/reviews/{self.reference}")
        return str(who.visitor.words)

    def refused(self, person: str, step: str, answers: dict[str, object]) -> str:
        """What the page says to a form that it does not take."""
        who = self.somebody(person)
        who.open(f"/reviews/{self.reference}/do/{step}")
        who.whole(answers)
        expect(who.visitor.page.get_by_role("alert")).to_be_visible()
        return str(who.visitor.words)


@pytest.fixture
def case(alone: Alone, people: Callable[..., People]) -> InBrowser:
    """A child's review of the demo whose publication is put off."""
    assert alone.installation is not None
    tell_all(alone.installation, AT)
    who = people(alone.here, DESK)
    return InBrowser(alone.installation, alone.clock, who, State.PUBLICATION_DEFERRED, "children")


def test_publish_hold_and_the_end_of_its_year(case: InBrowser, chromium: Browser, tmp_path: Path) -> None:
    """Held for a trial, published with a wording that two people read, kept for its year, and moved to the archive."""
    start = case.today
    said = case.do(
        "defer_publication", waits_for="the end of a trial", expected_on=None, review_on=start + timedelta(days=42)
    )
    assert "waits for the end of a trial" in said.lower() and "the advance copy has not been sent" in said.lower()
    case.on(start + timedelta(days=60))
    published = case.today + timedelta(days=28)
    case.do("end_hold", planned_on=published)
    case.do("send_report", how="by secure e-mail")
    case.do("write_wording", item="summary", wording=SHARED)
    assert SHARED in case.do("approve_wordings", wordings=["W01"]) and "May be shared" in case.seen()
    case.on(published).do("publish", report_at="https://exampleshire.example/reviews/report")
    said = case.on(published + timedelta(days=2)).do("record_done", table=done("repository_sent"))
    assert "sent to the nspcc repository on" in said.lower()
    looked_at(case, chromium, tmp_path / "first", SHARED)

    until = date(published.year + 1, published.month, published.day)
    case.on(until - timedelta(days=29)).swept()
    who = case.somebody("alex_example")
    who.open("/")
    assert case.reference in who.visitor.words
    said = case.on(until).do("choose_after_year", choice="move it to the archive")
    assert "moved to the archive" in said.lower()
    case.on(until + timedelta(days=1))
    looked_at(case, chromium, tmp_path / "later", NONE)


def looked_at(case: InBrowser, chromium: Browser, folder: Path, words: str) -> None:
    """The public register of the day in a browser: its words, and nothing for axe to find."""
    folder.mkdir()
    for name, text in files_of(case.installation.records, case.today).items():
        (folder / name).write_bytes(text)
    page = chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]
    entry = folder / f"{case.reference.lower()}.html"
    page.goto((entry if words == SHARED else folder / "index.html").as_uri())
    expect(page.get_by_text(words)).to_be_visible()
    is_sound(page)
    page.close()


def test_forty_three_actions_until_no_change_is_seen(
    case: InBrowser, alone: Alone, people: Callable[..., People]
) -> None:
    """A plan is pasted, an owner answers on a phone, all is verified; half a year on no change is seen of one."""
    for number in ("R01", "R02"):
        case.do("record_recommendation")
        gone = {"recommendation": number, "decision": "will not be implemented", "reasons": "The service ended."}
        assert "Will not be implemented" in case.do("decide_recommendation", **gone)
    case.do("add_action_plan", table=plan(case.today))
    assert (HOW_MANY, len(AGENCIES)) == (len(case.review.actions), len({one.agency for one in case.review.actions}))
    case.do("plan_publication", planned_on=case.today + timedelta(days=28))
    case.do("send_report", how="by secure e-mail")
    case.on(case.today + timedelta(days=28)).do("publish")
    case.do("agree_action_plan")

    on_a_phone = people(alone.here, PHONE)
    theirs = next(one.id for one in case.review.actions if one.owner == "jules_lead")
    jules = on_a_phone("jules_lead")
    jules.open(f"/reviews/{case.reference}/do/update_action?row={theirs}")
    submitted = {"status": "evidence submitted", "on": case.today, "grade": "document", "evidence": "EX-AUD-1"}
    jules.whole({theirs: submitted})
    jules.send()
    assert "/recorded/" in jules.path, jules.words

    left = [one.id for one in case.review.actions]
    by_others(case, left, theirs)
    case.on(case.today + timedelta(days=1)).do("close_review")
    verified_on = case.review.happened("action_verified", "A07")
    assert verified_on is not None
    case.on(add_months(verified_on, 6) + timedelta(days=1)).swept()
    who = case.somebody("alex_example")
    who.open("/")
    assert case.reference in who.visitor.words, "closed, and still owed a look"
    none = {"actions": ["A07"], "outcome": "no change seen"}
    said = case.do("check_action_impact", **none, what_now="another action", why="The audit shows the same as before.")
    assert "no change seen" in said.lower() and SECRET not in said


def by_others(case: InBrowser, left: list[str], theirs: str) -> None:
    """All are verified: one by a press after another would take a browser minutes, so all but two without it."""
    records = case.installation.records
    for number in (one for one in left if one not in (theirs, "A07")):
        given = {"action": number, **verified([number], case.today)[number]}
        records.attempt(case.reference, "update_action", given, Actor(person="robin_example"), case.clock.at)
    case.do("update_action", table=verified([theirs, "A07"], case.today))
