"""A form that is sent after its session was over: what was typed comes back to its window, and is kept for nobody."""

from collections.abc import Callable

import pytest
from driver.filling import Filler, boxes_of
from driver.visitor import Clock, Visitor
from sqlalchemy import func, select

from tasks.record.installation import Installation
from tasks.store.session import reading
from tasks.store.tables import drafts

WORDS = "What the surgery said of canary-17,\nin two lines & <more>."
FORM = "/reviews/CSPR-2026-002/do/give_reason"


def drafts_there(installation: Installation) -> int:
    """How many drafts the record holds."""
    with reading(installation.records.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(drafts)).scalar_one())


def sent_late(visitor: Visitor, page: str, go: str) -> int:
    """The page of a form that was opened before is sent with what was typed since; the status of the answer."""
    boxes = {name: values[-1] for name, values in boxes_of(page).values.items()}
    visitor.post(f"{FORM}/1", **{**boxes, "reason": WORDS, "go": go})
    return visitor.page.status_code


@pytest.fixture
def opened(manager: Filler) -> str:
    """The page of a form, open in a window."""
    return manager.visitor.get(FORM).text


def test_after_an_hour_of_nothing_the_words_come_back(
    manager: Filler, opened: str, clock: Clock, installation: Installation
) -> None:
    """Somebody is called away in the middle of a form, and sends it two hours later."""
    clock.later(hours=2)

    assert 401 == sent_late(manager.visitor, opened, "next")
    assert "You were signed out" in manager.visitor.words
    assert "What the surgery said of canary-17,\nin two lines &amp; &lt;more&gt;." in manager.visitor.page.text
    assert f'href="/sign-in?next={FORM}"' in manager.visitor.page.text
    assert 401 == sent_late(manager.visitor, opened, "keep")
    assert not manager.visitor.page.text
    assert 0 == drafts_there(installation)


def test_words_of_somebody_else_are_not_kept_for_whoever_signs_in_next(
    manager: Filler, opened: str, clock: Clock, installation: Installation, somebody: Callable[[str], Filler]
) -> None:
    """At a shared machine another person signs in, and the old window is sent: nothing of it becomes theirs."""
    clock.later(hours=2)
    manager.visitor.get("/sign-in")
    manager.visitor.post("/sign-in/by-name", person="glenn_sample")

    assert 403 == sent_late(manager.visitor, opened, "next")
    assert "Load the form again" in manager.visitor.words
    assert "canary-17" in manager.visitor.page.text
    assert 0 == drafts_there(installation)


def test_the_check_sent_too_late_leads_to_the_form(manager: Filler, clock: Clock) -> None:
    """The answers were looked at, and Send was pressed after the session was over: the link opens the form again."""
    manager.open(FORM)
    manager.fill({"reasons": WORDS}, go="later")
    clock.later(hours=2)
    manager.visitor.post(f"{FORM}/send")

    assert 401 == manager.visitor.page.status_code
    assert f'href="/sign-in?next={FORM}"' in manager.visitor.page.text
