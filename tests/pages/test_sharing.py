"""The digest at its page and as a file, the briefing of a review, the leaflets: what each holds, and what is noted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from driver.canary import CANARY
from driver.filling import Filler
from driver.taught import child_review, share
from driver.visitor import Visitor

from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
LESSON, ABOUT = "Ask why a child was not brought.", "A child was not seen."
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def taught(installation: Installation) -> str:
    """A published review beside those of the demo: a lesson and the summary approved, a finding not."""
    reference, _ = child_review(installation.records, AT - timedelta(days=200))
    share(installation.records, reference, AT, L01=LESSON, summary=ABOUT)
    return reference


def noted(installation: Installation) -> list[tuple[str, str]]:
    """What was taken out, of which review."""
    return [(one.reading.what, one.reading.reference) for one in who_read(installation.records, ReadingsWanted())[0]]


def in_word(content: bytes) -> str:
    """Everything that a Word file holds, as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return " ".join(zipped.read(name).decode("utf-8", "replace") for name in zipped.namelist())


def test_the_digest_is_shown_narrowed_and_downloaded(alex: Visitor, taught: str, installation: Installation) -> None:
    """A year first; another theme has nothing; a file holds what the page shows, and is noted before it is given."""
    alex.get("/sharing")
    assert LESSON in alex.words and f"from {taught}" in alex.words and CANARY not in alex.page.text
    assert f"{taught}: F01" in alex.words, "what waits is said to whoever makes it"
    assert [] == noted(installation), "looking takes nothing out"
    whole = {"since": "2026-01-01", "until": "2026-12-31"}
    alex.post("/sharing", **whole, theme="neglect")
    assert LESSON not in alex.words and "Nothing that may be shared" in alex.words
    alex.post("/sharing", **whole, theme="was_not_brought", track="children")
    assert LESSON in alex.words
    given = alex.post("/sharing", **whole, theme="was_not_brought", file="docx")
    assert WORD == given.headers["content-type"] and "digest-2026-11-30.docx" in given.headers["content-disposition"]
    assert LESSON in in_word(given.content) and CANARY not in in_word(given.content)
    assert [("approved wordings, as a digest,", "")] == noted(installation)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": "soon", "until": ""}, "Type a day such as 2026-11-30"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "The period ends before it begins"),
    ],
)
def test_days_that_do_not_fit_are_named_at_their_boxes(alex: Visitor, typed: dict[str, str], said: str) -> None:
    """Everything that is wrong is said, what was typed is still there, and no file is given for it."""
    alex.get("/sharing")
    answer = alex.post("/sharing", **typed, file="docx")
    assert 422 == answer.status_code and said in alex.words and typed["since"] in answer.text


def test_it_is_the_units(taught: str, somebody: Callable[[str], Filler]) -> None:
    """An agency's lead sees neither the page nor the entry that leads to it; a leaflet is anybody's."""
    visitor = somebody("jules_lead").visitor
    assert 403 == visitor.get("/sharing").status_code and LESSON not in visitor.page.text
    assert 'href="/sharing"' not in visitor.get("/").text
    assert 200 == visitor.get("/sharing/leaflets/adults.html").status_code


def test_the_briefing_of_a_review(alex: Visitor, taught: str, installation: Installation) -> None:
    """It is led to from the review's page, says what it lacks and is noted when it is taken; others have none."""
    assert f'href="/reviews/{taught}/briefing"' in alex.get(f"/reviews/{taught}").text
    alex.get(f"/reviews/{taught}/briefing")
    assert LESSON in alex.words and ABOUT in alex.words and "not in it: F01, R01, A01." in alex.words
    given = alex.post(f"/reviews/{taught}/briefing", file="html")
    assert LESSON in given.text and CANARY not in given.text and "7. For your team" in given.text
    assert [("approved wordings, as a briefing,", taught)] == noted(installation)
    alex.get("/reviews/CSPR-2026-001/briefing")
    assert "no wording of it is approved" in alex.words


@pytest.mark.parametrize("path", ["/sharing/leaflets/adults.pdf", "/sharing/leaflets/nobody.docx"])
def test_what_there_is_not(alex: Visitor, path: str) -> None:
    """A leaflet of no track, or as no kind of file that there is."""
    assert 404 == alex.get(path).status_code


def test_what_was_shared_is_sent_and_answered_at_the_pages(
    manager: Filler, taught: str, installation: Installation
) -> None:
    """By two forms: the page then says to whom it went, who is still owed, and who discussed it; the date leads on."""
    day = AT.date()
    form = {"what": "a briefing", "document": "", "agencies": ["police", "education"], "sent_on": day, "how": "email"}
    manager.open(f"/reviews/{taught}/do/share_learning")
    manager.whole(form | {"answer_by": day + timedelta(days=20)})
    manager.send()
    visitor = manager.visitor
    visitor.get(f"/reviews/{taught}")
    assert "Who was told what was learnt" in visitor.words and "2 of 2 still to say" in visitor.words
    assert f'href="/reviews/{taught}/do/record_learning_read"' in visitor.page.text
    said = {"answers": ["D01:police"], "outcome": "discussed in team", "on": day, "people": 14}
    manager.open(f"/reviews/{taught}/do/record_learning_read")
    manager.whole(said | {"where": f"{CANARY} told the team."})
    manager.send()
    visitor.get(f"/reviews/{taught}")
    assert "Discussed in team, Mon 30 Nov 2026, 14 people" in visitor.words and "1 of 2 still to say" in visitor.words
    assert CANARY not in visitor.page.text
    assert 200 == visitor.get(f"/reviews/{taught}/dates/local.x.learning_read/D01%3Apolice").status_code
    assert "Word that shared learning was read" in visitor.words
