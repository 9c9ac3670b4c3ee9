"""What was published stays for a year; a warning comes before its end, and until somebody chooses, it chases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from driver.looks import beside_the_looks
from driver.registers import rows, sound

from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import steps_of
from safeguarding.notices.notice import Occasion
from safeguarding.review.events import Actor
from safeguarding.review.public_until import YEAR, after_its_year, public_until
from safeguarding.review.states import State
from safeguarding.shown.history.told import told
from safeguarding.shown.publication import publication_of
from tasks.public_site.making import files_of
from tasks.record.erasing import erase_text
from tasks.store import outbox
from tasks.store.owed import load_owed
from tasks.store.tables import notices

DAY = date(2027, 3, 29)


@pytest.fixture
def child(case):
    """A child's report, published on Monday 29 March 2027."""
    case.on(date(2026, 12, 16)).take("conclude_rapid_review").take("decide_review")
    case.later(10).take("commission_review").later(10).take("begin_drafting").later(10).take("submit_draft")
    case.on(date(2027, 3, 1)).take("sign_report", planned_on=DAY).take("send_report")
    return case.on(DAY).take("publish")


@pytest.fixture
def adult(partnership):
    """An adult's report, published on the same day."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 11, 2), **adult).take("accept_referral").later(10)
    case.take("complete_screening").take("decide_adult_review").later(10).take("commission_adult_review")
    case.later(10).take("begin_drafting").later(10).take("submit_draft")
    return case.on(date(2027, 3, 1)).take("accept_findings").on(DAY).take("decide_publication")


@pytest.fixture(params=["child", "adult"])
def published(request):
    """The one or the other."""
    return request.getfixturevalue(request.param)


def closed(case):
    """The same, its plan agreed and its review closed in May."""
    case.take("record_done", what="sent to the national repository or library")
    case.on(date(2027, 5, 4)).take("add_action").take("agree_action_plan")
    case.take("update_action")
    case.take("close_review", still_owed=[{"what": "everything_else", "becomes": "dropped", "reason": "In the audit."}])
    return case


def reminded(case) -> int:
    """How many reminders of the choice were written to the business manager."""
    query = outbox.FULL.where(notices.c.occasion == Occasion.REMINDER.value, notices.c.person == "alex_example")
    with case.records.engine.connect() as connection:
        rows = connection.execute(query).all()
    return len([row for row in rows if row.context["rule"] == YEAR and row.channel == "email"])


def said(case) -> str:
    return told(case.records.events(case.reference)[-1], case.review, case.records.rulebook).sentence


def test_the_year_outlives_the_review_and_warns_before_its_end(published) -> None:
    """Closed in May; warned about sixty and thirty days before; unchosen, it chases; chosen, it is quiet."""
    case = closed(published)
    assert State.CLOSED == case.review.state
    assert date(2028, 3, 29) == case.due(YEAR) == public_until(case.review, case.records.rulebook)
    case.on(date(2028, 1, 20)).sweep()
    assert 0 == reminded(case)
    case.on(date(2028, 2, 1)).sweep()
    assert 1 == reminded(case), "two months before"
    case.on(date(2028, 3, 1)).sweep()
    assert 2 == reminded(case), "one month before"
    case.on(date(2028, 3, 31)).sweep()
    assert [] != case.misses(YEAR)

    case.take("choose_after_year", choice="move it to the archive")
    assert "what becomes of the publication: move it to the archive" in said(case)
    assert "moved to the archive" == after_its_year(case.review)
    assert "settled" == case.duty(YEAR).ended


def test_what_is_kept_may_be_chosen_otherwise_later(published) -> None:
    """It is kept before its year ends, and taken down after it, with a reason."""
    case = published.on(date(2028, 2, 1)).take("choose_after_year", choice="keep it public")
    case.later(90)
    with pytest.raises(TransitionRefused, match="say why it is taken down"):
        case.take("choose_after_year", choice="take it down")
    case.take("choose_after_year", choice="take it down", reason="The family asked for it.")
    assert "taken down" == after_its_year(case.review)
    with pytest.raises(TransitionRefused, match="nothing of this review is on the public page"):
        case.take("choose_after_year", choice="keep it public")


def test_a_childs_report_is_not_taken_down_before_its_year(child) -> None:
    """The law asks for the year: the choice refuses, and the short form asks for a legal decision."""
    case = child.later(200)
    with pytest.raises(TransitionRefused, match=r"must stay public until Wed 29 Mar 2028 \(reg.17\)"):
        case.take("choose_after_year", choice="take it down", reason="The family asked for it.")
    with pytest.raises(TransitionRefused, match="needs a legal decision"):
        case.take("take_down", legal_decision="")
    case.take("take_down")
    assert "cancelled" == case.duty(YEAR).ended, "nothing is left to choose"


def test_an_adults_report_stays_by_the_partnerships_own_standard(adult) -> None:
    """No source sets the year: it is said to be the partnership's own, and the partnership's decision lifts it."""
    case = adult.later(200)
    assert () == tuple(duty for duty in case.review.duties if duty.rule == "C16"), "no law is claimed"
    assert "own standard" in case.records.rulebook.rule(YEAR).editions[0].words
    with pytest.raises(TransitionRefused, match="by the partnership's own standard: an earlier take-down needs its"):
        case.take("take_down", legal_decision="")
    case.take("take_down", legal_decision="DSP-2027-11")
    assert () == case.review.live(YEAR)


def test_closing_asks_for_the_national_copy_and_the_page_says_how_it_went(published) -> None:
    """It is owed to the repository, or for an adult to the library: closing names it, and carries it on."""
    case = published.on(date(2027, 5, 4)).take("add_action").take("agree_action_plan").take("update_action")
    rule = "C18" if case.review.track == "children" else "A10"
    with pytest.raises(TransitionRefused, match=rf"\({rule}\), due .* is carried on after the closing, or is dropped"):
        case.take("close_review", still_owed=[])
    rest = {"what": "everything_else", "becomes": "dropped", "reason": "In the audit."}
    case.take("close_review", still_owed=[{"what": rule, "becomes": "carried on after the closing"}, rest])
    assert [rule, YEAR] == beside_the_looks(case.review.running())
    assert "Owed to" in copy_of(case) and "practice and no law" in copy_of(case)
    case.later(30).sweep()
    assert [] != case.misses(rule)
    case.take("record_done", what="sent to the national repository or library", receipt="LIB-7")
    assert copy_of(case).endswith("on Thu 3 Jun 2027") and "settled" == case.duty(rule).ended


@pytest.mark.parametrize("choice", ["keep it public", "move it to the archive"])
def test_it_is_chosen_from_the_first_warning_on(published, choice) -> None:
    """Chosen on the day of publication it would say nothing of the year, and nobody would be reminded of it."""
    earliest = r"is chosen from Mon 31 Jan 2028 on, when the first warning comes"
    for on in (DAY, date(2028, 1, 28)):
        with pytest.raises(TransitionRefused, match=earliest):
            published.on(on).take("choose_after_year", choice=choice)
    assert () != published.review.live(YEAR)
    published.on(date(2028, 1, 31)).take("choose_after_year", choice=choice)
    assert () == published.review.live(YEAR)


@pytest.mark.parametrize("choice", ["keep it public", "move it to the archive"])
def test_the_day_of_the_choice_is_put_right_within_its_bounds(published, choice) -> None:
    """
    Chosen on 7 February 2028. A week earlier was the first warning, from which it may be; before that it is refused,
    and so is a publication so late that the choice would be early. The two marks of the choice stay on one day.
    """
    case = published.on(date(2028, 2, 7)).take("choose_after_year", choice=choice)
    made = [mark for mark in ("kept_public", "moved_to_archive") if case.review.happened(mark)]
    for what in (*made, "publication_choice_made"):
        with pytest.raises(TransitionRefused, match="it is chosen from Mon 31 Jan 2028 on, when the first warning"):
            case.take("correct_date", what=what, correct_on=date(2028, 1, 28))
    with pytest.raises(TransitionRefused, match="when the first warning comes"):
        case.take("correct_date", what="published", correct_on=date(2027, 4, 30))
    case.take("correct_date", what=made[0], correct_on=date(2028, 1, 31))
    assert date(2028, 1, 31) == case.review.happened("publication_choice_made") == case.review.happened(made[0])


def test_a_take_down_is_put_right_to_no_day_before_the_year_is_over(child) -> None:
    """Taken down after its year, without a decision: a day before its end is refused. With one it is taken."""
    case = child.on(date(2028, 4, 10)).take("take_down", legal_decision="")
    with pytest.raises(TransitionRefused, match="before its year was over on Wed 29 Mar 2028, and no decision"):
        case.take("correct_date", what="taken_down", correct_on=date(2028, 3, 28))
    case.take("take_back_step").take("take_down", legal_decision="EX-LEGAL-1")
    case.take("correct_date", what="taken_down", correct_on=date(2028, 3, 28))


def test_what_is_not_public_is_not_taken_down(child) -> None:
    """What was taken down before is refused in words, and so is a review of which nothing was published."""
    assert "take_down" in {step.name for step in steps_of(child.review)}
    child.take("take_down", legal_decision="EX-LEGAL-1")
    for step, answers in (("take_down", {"legal_decision": "EX-LEGAL-2"}), ("choose_after_year", {})):
        assert step not in {one.name for one in steps_of(child.review)}
        with pytest.raises(TransitionRefused, match="nothing of this review is on the public page: it was not publ"):
            child.take(step, **answers)
    assert 1 == [mark.name for mark in child.review.marks].count("taken_down")


def test_nothing_was_published_so_nothing_is_taken_down(partnership) -> None:
    """Of a referral nothing is public: it is offered nowhere, and says why."""
    case = partnership.hears_of(date(2026, 11, 20))
    assert not {"take_down", "choose_after_year"} & {step.name for step in steps_of(case.review)}
    with pytest.raises(TransitionRefused, match="nothing of this review is on the public page") as refused:
        case.take("take_down", legal_decision="EX-LEGAL-1")
    assert 1 == len(refused.value.unmet)


def test_what_is_public_is_taken_down_wherever_its_review_stands(published) -> None:
    """Reopened before publication, the review still has its first publication on the page: it can leave it."""
    case = closed(published)
    back = "drafting"
    case.later(3).take("reopen", by="glenn_sample", return_to=back, agreed_day=case.today + timedelta(days=60))
    assert State.DRAFTING == case.review.state
    assert {"take_down", "choose_after_year"} <= {step.name for step in steps_of(case.review)}
    case.on(date(2028, 2, 1)).take("choose_after_year", choice="keep it public")
    case.take("take_down", legal_decision="EX-LEGAL-1")
    (row,) = rows(case.records, "publications", case.today)
    assert "taken down" == row.state


def copy_of(case) -> str:
    """What the page says of the national copy."""
    shown = publication_of(case.review, case.records.rulebook, case.at)
    return dict(shown.facts)["National copy"]


def test_the_register_has_the_year_and_the_choice(published) -> None:
    """Until when it is public, and what was chosen; the page says by whose standard."""
    published.on(date(2028, 2, 1)).take("choose_after_year", choice="keep it public")
    (row,) = rows(published.records, "publications", published.today)
    assert (date(2028, 3, 29), "kept public", "public") == (row.public_until, row.after_its_year, row.state)
    facts = dict(publication_of(published.review, published.records.rulebook, published.at).facts)
    law = "S.I. 2018/789 reg.17" if published.review.track == "children" else "the partnership's own standard, no law"
    assert f"Wed 29 Mar 2028 ({law})" == facts["Public until at least"]
    assert "Kept public, Tue 1 Feb 2028" == facts["After its year"]


def test_a_day_that_is_put_right_moves_the_year(child) -> None:
    """It was published a day earlier than was recorded: the year ends a day earlier."""
    child.take("correct_date", what="published", correct_on=date(2027, 3, 26))
    assert date(2028, 3, 26) == child.due(YEAR)


ERASER = Actor(person="alex_example")


def test_an_erased_review_owes_nothing_and_is_not_in_the_public_register(child) -> None:
    """Nobody can do anything about it any more: nobody is chased, and its page is gone the next time it is made."""
    case = closed(child).later(3)
    assert "cspr-2026-001.html" in files_of(case.records, case.today)
    erase_text(case.records, case.reference, ERASER, "glenn_sample", case.at, "order of a court")
    assert () == case.review.live() and "cancelled" == case.duty(YEAR).ended == case.duty("C16").ended
    assert "the review was erased" == case.duty(YEAR).why
    assert [] == [duty for duty in case.review.duties if not duty.ended]
    case.on(date(2028, 9, 1)).sweep()
    assert [] == case.misses(YEAR) and 0 == reminded(case)
    assert "cspr-2026-001.html" not in files_of(case.records, case.today)
    assert [] == list(case.records.verify())


def test_of_an_erased_review_the_register_does_not_say_that_it_is_public(child) -> None:
    """It was public when its text was erased, and that is what the register says."""
    case = closed(child)
    erase_text(case.records, case.reference, ERASER, "glenn_sample", case.at, "order of a court")
    (row,) = rows(case.records, "publications", case.today)
    assert ("erased", DAY) == (row.state, row.published_on)
    assert sound(case.records, case.today)


def test_what_was_taken_down_before_its_review_was_erased_stays_taken_down(child) -> None:
    """The last that the record knows of it."""
    case = closed(child.take("take_down", legal_decision="EX-LEGAL-1"))
    erase_text(case.records, case.reference, ERASER, "glenn_sample", case.at, "order of a court")
    (row,) = rows(case.records, "publications", case.today)
    assert ("taken down", DAY) == (row.state, row.taken_down_on)


def test_a_step_on_an_erased_review_is_refused_in_words(child) -> None:
    """Whether it has words to seal or none: it says that the review was erased, and nothing of a ledger."""
    case = closed(child).later(3)
    erase_text(case.records, case.reference, ERASER, "glenn_sample", case.at, "order of a court")
    words = "the review was erased: nothing more can be written about it"
    for step in ("take_down", "choose_after_year", "reopen", "record_lesson", "record_done"):
        with pytest.raises(TransitionRefused) as refused:
            case.take(step)
        assert (words,) == refused.value.unmet
    assert (words,) == case.records.unmet(case.reference, "take_down", {}, ERASER, case.at)
    assert [] == list(case.records.verify())


def test_what_an_earlier_version_erased_is_not_chased_either(child, monkeypatch) -> None:
    """Its duties never ended: the key that is gone is what says that nobody can do anything about them."""
    case = closed(child).later(3)
    monkeypatch.setattr("safeguarding.duties.retention.ended_by_erasing", lambda *_: ())
    erase_text(case.records, case.reference, ERASER, "glenn_sample", case.at, "order of a court")
    assert () != case.review.live(YEAR)
    case.on(date(2028, 9, 1)).sweep()
    assert [] == case.misses(YEAR) and 0 == reminded(case)
    with case.records.engine.connect() as connection:
        assert [] == load_owed(connection)
    assert "cspr-2026-001.html" not in files_of(case.records, case.today)
