"""What others ask of a partnership by law, and it of them: a coroner's report, a request of the Panel or its own."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select

from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from tasks.store.tables import deadlines


@pytest.fixture
def commissioned(partnership):
    """A child review commissioned on 2 March 2026."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    return case.on(date(2026, 3, 2)).take("decide_review").take("commission_review")


def test_a_coroners_report_is_answered_within_fifty_six_days_of_its_sending(commissioned) -> None:
    """
    Sent on Monday 9 March 2026, received on the Thursday: the reply is due on Monday 4 May, a bank holiday, for these
    are calendar days from the sending and nothing rolls on. On the 5th it is missed, and the partnership hears.
    """
    case = commissioned.on(date(2026, 3, 12)).take("record_coroners_report", sent_on=date(2026, 3, 9))
    assert date(2026, 5, 4) == case.due("C25", "P01")

    case.on(date(2026, 5, 5)).sweep()
    assert [] != case.misses("C25")
    case.take("answer_coroner")
    assert ("settled", date(2026, 5, 5)) == (case.duty("C25", "P01").ended, case.duty("C25", "P01").ended_on)
    assert [] == case.records.verify(case.reference)


def test_only_the_coroner_extends_and_also_after_the_time(commissioned) -> None:
    """
    A deferral moves nothing. The coroner's letter does: the fifty-six days end, not met, and the day the coroner gave
    takes their place, though the first had passed. A second extension takes the place of the first.
    """
    case = commissioned.on(date(2026, 3, 9)).take("record_coroners_report").on(date(2026, 5, 6))
    case.take("record_deferral", rule="C25", by="dana_sample")
    assert (date(2026, 5, 4), "") == (case.due("C25", "P01"), case.duty("C25", "P01").ended)

    with pytest.raises(TransitionRefused, match="gives no more time"):
        case.take("record_coroners_extension", until=date(2026, 5, 1))
    case.take("record_coroners_extension", until=date(2026, 6, 15))
    assert ("cancelled", date(2026, 6, 15)) == (case.duty("C25", "P01").ended, case.due("C25b", "P01"))
    case.take("record_coroners_extension", until=date(2026, 7, 1))
    assert date(2026, 7, 1) == case.due("C25b", "P01")
    case.take("answer_coroner", content="no action is proposed, with the explanation")
    assert "settled" == case.duty("C25b", "P01").ended


def test_one_report_of_a_coroner_runs_one_clock(commissioned) -> None:
    """The same reference typed again, in whatever case, is refused; and it is said to whom the report was made."""
    case = commissioned.on(date(2026, 3, 9)).take("record_coroners_report", reference="EX/7")
    with pytest.raises(TransitionRefused, match="the report ex/7 is on record already, as P01"):
        case.take("record_coroners_report", reference="ex/7")
    case.take("record_coroners_report", reference="EX/8")
    with pytest.raises(TransitionRefused, match="is on record already, as P01"):
        case.take("record_coroners_report", reference="EX/7")
    other = {"reference": "EX/9", "made_to": "another agency or person, named in the note"}
    with pytest.raises(TransitionRefused, match="name in the note to whom the report is made"):
        case.take("record_coroners_report", **other)
    case.take("record_coroners_report", **other, note="An invented care home.")
    assert ["P01", "P02", "P03"] == [duty.subject for duty in case.review.running("C25")]


def test_no_review_closes_on_a_coroner_who_waits(commissioned) -> None:
    """Discontinuing would have cut the reply off: it is refused until the reply went or the coroner withdrew."""
    case = commissioned.later(7).take("record_coroners_report")
    with pytest.raises(TransitionRefused, match="Reply to the coroner's report \\(C25, P01\\) is still owed"):
        case.take("discontinue_review")
    case.take("answer_coroner", content="no reply: the coroner withdrew the report").take("discontinue_review")
    assert (State.DISCONTINUED, "cancelled") == (case.review.state, case.duty("C25", "P01").ended)


def test_the_day_the_coroner_sent_it_was_wrong(commissioned) -> None:
    """The letter was dated a week earlier than recorded: the reply is due a week earlier, and both days are kept."""
    case = commissioned.on(date(2026, 3, 16)).take("record_coroners_report").later(1)
    case.take("record_coroners_report", sent_on=date(2026, 3, 10), reference="EX-COR-9")
    case.take("correct_date", what="coroner_report_sent", agency_or_action="P01", correct_on=date(2026, 3, 9))

    assert (date(2026, 5, 4), date(2026, 5, 5)) == (case.due("C25", "P01"), case.due("C25", "P02"))
    assert ["superseded", ""] == [d.ended for d in case.review.duties if (d.rule, d.subject) == ("C25", "P01")]


def test_a_coroner_writes_about_a_closed_review(commissioned) -> None:
    """Inquests end later than reviews: the review is opened again, and the fifty-six days run from the sending."""
    case = commissioned.later(7).take("discontinue_review").later(30)
    with pytest.raises(TransitionRefused, match="cannot be taken"):
        case.take("record_coroners_report")
    case.take("reopen", return_to="commissioning").take("record_coroners_report", sent_on=date(2026, 4, 1))
    assert date(2026, 5, 27) == case.due("C25", "P01")


def test_a_coroner_writes_about_an_adult(partnership) -> None:
    """The same duty on the adults' track, under its own number."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 3, 2), **adult).take("accept_referral")
    case.on(date(2026, 3, 9)).take("record_coroners_report")
    assert date(2026, 5, 4) == case.due("A11", "P01")


def test_what_the_panel_asks_for_is_supplied(commissioned) -> None:
    """Section 16D: the partnership must comply. It cannot refuse, nor close on it; the day is the request's own."""
    case = commissioned.later(7)
    panel = {"under": "section 16D: the national Panel asks us", "asked_of": ""}
    case.take("request_information", **panel, answer_by=date(2026, 3, 20))
    assert date(2026, 3, 20) == case.due("C24", "D01")

    with pytest.raises(TransitionRefused, match="must be complied with"):
        case.take("end_information_request", outcome="refused", note="We would rather not.")
    with pytest.raises(TransitionRefused, match=r"the Panel may apply for an injunction \(s\.16D\(3\)\)") as refused:
        case.take("end_information_request", outcome="refused", note="", kept_to_its_purpose="nothing was received")
    assert "16H" not in str(refused.value), "it is the Panel's request, and the court is the Panel's to ask"
    with pytest.raises(TransitionRefused, match="C24, D01"):
        case.take("discontinue_review")
    case.on(date(2026, 3, 23)).sweep()
    assert [] != case.misses("C24")
    case.take("end_information_request")
    assert "settled" == case.duty("C24", "D01").ended


def test_whoever_a_partner_asks_must_comply(commissioned) -> None:
    """
    Section 16H: a refusal ends nothing, it goes to the lead partners with what follows; and what is supplied is marked
    for its purpose before it counts as received.
    """
    case = commissioned.later(7)
    with pytest.raises(TransitionRefused, match="which person or body is asked"):
        case.take("request_information", asked_of="")
    case.take("request_information", answer_by=date(2026, 3, 20)).take("request_information")
    assert {"H01", "H02"} == {duty.subject for duty in case.review.running("C23")}

    with pytest.raises(TransitionRefused, match="whether the partners apply for an injunction"):
        case.take(
            "end_information_request", request="H01", outcome="refused", kept_to_its_purpose="nothing was received"
        )
    refused = {"outcome": "refused", "kept_to_its_purpose": "nothing was received", "note": "The club sees no duty."}
    case.take("end_information_request", request="H01", **refused)
    assert case.duty("C23", "H01").running
    assert "dana_sample" in case.told("step_told")

    with pytest.raises(TransitionRefused, match="it may be used for no other"):
        case.take("end_information_request", request="H01", kept_to_its_purpose="not yet")
    case.take("end_information_request", request="H01")
    case.take("end_information_request", request="H02", outcome="withdrawn by whoever asked")
    assert ("settled", "cancelled") == (case.duty("C23", "H01").ended, case.duty("C23", "H02").ended)
    with pytest.raises(
        TransitionRefused,
        match="Which request: there is nothing to choose: no request for information waits for an answer",
    ):
        case.take("end_information_request", request="H01")


def test_the_tables_are_lost_and_the_ledger_brings_every_clock_back(commissioned) -> None:
    """
    The process died between the ledger and what is read from it: every date of these duties, extended, refused, put
    right or waiting, is made again from the lines as it was, and the sweep tells no miss twice.
    """
    case = commissioned.on(date(2026, 3, 9)).take("record_coroners_report").take("record_coroners_report")
    case.take("request_information").take("remove_reviewer", another_by=date(2026, 4, 1))
    case.take("request_information", under="section 16D: the national Panel asks us", asked_of="")
    case.later(1).take("record_coroners_extension", report="P01")
    case.take("correct_date", what="coroner_report_sent", agency_or_action="P02", correct_on=date(2026, 3, 6))
    case.on(date(2026, 5, 6)).sweep()
    told = {rule: len(case.misses(rule)) for rule in ("C23", "C24", "C25", "C26")}
    before, rows = case.review, _rows(case)
    assert all(told.values())

    with case.records.engine.begin() as connection:
        connection.execute(delete(deadlines))
    assert [] == _rows(case)
    case.records.rebuild()

    assert (before, rows) == (case.review, _rows(case))
    assert [] == list(case.records.verify())
    case.sweep()
    assert told == {rule: len(case.misses(rule)) for rule in told}


def _rows(case) -> list[tuple[object, ...]]:
    columns = [column for column in deadlines.columns if column is not deadlines.autoincrement_column]
    with case.records.engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(select(*columns))), key=str)
