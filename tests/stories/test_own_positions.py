"""Each partner signs their own position on a proposed decision, which stands once all answered and enough agree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from config.vacancies import warnings
from flows.demo.answers import answer
from flows.demo.invented import no
from pages.review_page import decisions_of
from safeguarding.errors import TransitionRefused
from safeguarding.law.demanded_proof import DemandedProof
from safeguarding.law.partners import Decides, Quorums
from safeguarding.law.period import Away
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import steps_of
from safeguarding.notices.step_notices import notices_for
from safeguarding.proposed import why_it_does_not_stand
from safeguarding.review.events import Actor, Attestation
from safeguarding.review.proof import might_be_another, signed_in
from safeguarding.review.proposals import DONE_ONCE_DECIDED, as_signed
from safeguarding.review.states import State
from safeguarding.shown import card
from safeguarding.shown.history.told import history
from safeguarding.shown.positions import how_far, may_answer, waits_for
from safeguarding.shown.signed_before import in_words, signed_before
from safeguarding.stages.decision import DECIDE_REVIEW
from tasks.post.letters import write_letter
from tasks.record.records import Taken

LA, POLICE, HEALTH, DEPUTY = "glenn_sample", "harper_sample", "indy_sample", "kelly_sample"
WHY = "The learning is already in hand."


@pytest.fixture
def proposed(case):
    """A child review in which a local review was proposed on the day after the rapid review ended."""
    case.take("conclude_rapid_review").later(1)
    return case.take("propose_review_decision", by="alex_example")


def signs(case, person: str, position: str = "agree", proof: str = "code", made_on: int | None = None) -> Taken:
    """Somebody signs their own position at the pages."""
    raw = {"position": position, "reasons": "" if position == "agree" else WHY}
    actor = signed_in(person, proof)
    return case.records.attempt(case.reference, "sign_position", raw, actor, case.at, made_on)


def under(case, rulebook: Rulebook, **partnership: Any) -> None:
    """From now on the partnership's file says this."""
    changed = rulebook.partnership.model_copy(update=partnership)
    case.records.use(rulebook.model_copy(update={"partnership": changed}))


def closed(case, becomes: str, by: str = "alex_example") -> Taken:
    """The unit closes the positions."""
    raw = {"becomes": becomes, "reasons": "The statutory day is near."}
    return case.records.attempt(case.reference, "close_positions", raw, Actor(person=by), case.at)


STANDS, NOTHING = "the decision stands as it was signed", "nothing is decided"


def test_a_dissent_signed_in_person_stands_in_the_decision(proposed) -> None:
    """Two agree, the deputy of the police dissents: who, by what proof, on what authority; the reasons are sealed."""
    signs(proposed, LA)
    signs(proposed, DEPUTY, "dissent", "authenticator")
    assert State.DECISION is proposed.review.state, "one of three has not answered"
    proposed.later(1)
    taken = signs(proposed, HEALTH)
    assert State.COMMISSIONING is taken.review.state
    assert "position_signed" == taken.event.kind
    *_, line = proposed.records.events(proposed.reference, unseal=True)
    assert ("decided", HEALTH, Attestation.CODE) == (line.kind, line.actor.person, line.actor.attestation)
    assert proposed.today.isoformat() == line.facts["decided_on"]
    assert "New learning about how agencies share what they see." == line.sealed["rationale"]
    assert WHY == line.sealed["positions.police.reasons"]
    assert [] == line.facts["recorded_for"]
    of_police = line.facts["signatures"]["police"]
    assert (DEPUTY, "authenticator") == (of_police["person"], of_police["proof"])
    deputy = proposed.records.rulebook.partnership.person(DEPUTY)
    assert deputy.authority == of_police["authority"]
    told = " ".join(history(taken.review, [line], proposed.records.rulebook)[-1].further)
    assert f"Police ({deputy.name}) dissented, signed in person on" in told
    assert f"proved by authenticator, on the authority of: {deputy.authority}." in told
    assert [] == list(proposed.records.verify())


def test_the_clock_ends_on_the_day_of_the_last_position(proposed) -> None:
    """The six months of a local review run from the decision's own day, as ever."""
    for person in (LA, POLICE):
        signs(proposed, person)
    signs(proposed.later(3), HEALTH)
    assert proposed.today == proposed.review.happened("decided") == proposed.review.happened("decided_to_initiate")


def test_nobody_signs_for_somebody_else(proposed) -> None:
    """Declared, minuted or with a paper; the chair where the partners decide; the unit; whoever speaks for nobody."""
    for actor in (
        Actor(person=LA),
        Actor(person=LA, attestation=Attestation.MINUTED, minute="SP/2026/11"),
        Actor(person=LA, attestation=Attestation.PROVED, minute="code"),
        signed_in(LA, "paper"),
        signed_in("alex_example", "code"),
        signed_in("nobody_known", "code"),
    ):
        with pytest.raises(TransitionRefused):
            proposed.records.attempt(proposed.reference, "sign_position", {"position": "agree"}, actor, proposed.at)
    assert 3 == len(proposed.review.proposal.waiting)
    partnership = proposed.records.rulebook.partnership
    chairs = [person for person in partnership.holders("independent_chair") if person.partner is None]
    for chair in chairs:
        with pytest.raises(TransitionRefused, match="not asked for"):
            signs(proposed, chair.id)


def test_a_dissent_without_reasons_is_refused(proposed) -> None:
    """And so is an absence."""
    for position in ("dissent", "absent"):
        with pytest.raises(TransitionRefused, match="give the reasons"):
            proposed.records.attempt(
                proposed.reference, "sign_position", {"position": position}, signed_in(LA, "code"), proposed.at
            )


def test_two_partners_at_once_are_both_heard(proposed) -> None:
    """Each opened the page before the other signed: neither is told that the review changed."""
    seen = proposed.review.version
    signs(proposed, LA, made_on=seen)
    signs(proposed, POLICE, made_on=seen)
    assert ("integrated_care_board",) == proposed.review.proposal.waiting
    proposed.take("record_meeting")
    with pytest.raises(TransitionRefused, match="changed while this form was open"):
        signs(proposed, HEALTH, made_on=seen)


def test_somebody_may_sign_again_while_others_are_waited_for(proposed) -> None:
    """The last position counts; the earlier one stays on its line."""
    signs(proposed, LA, "dissent")
    signs(proposed, LA)
    for person in (POLICE, HEALTH):
        signs(proposed, person)
    positions = proposed.review.facts["decided"]["positions"]
    assert "agree" == positions["local_authority"]["position"]
    assert 4 == sum(line.kind == "position_signed" for line in proposed.review.history)


def test_it_does_not_stand_where_too_few_agree(proposed) -> None:
    """All have answered and one agrees: their positions are kept, and the unit says that nothing is decided."""
    signs(proposed, LA)
    for person in (POLICE, HEALTH):
        signs(proposed, person, "dissent")
    review = proposed.review
    assert (State.DECISION, ()) == (review.state, review.proposal.waiting)
    assert "All have answered" in card.description(review, proposed.today, proposed.records.rulebook)
    with pytest.raises(TransitionRefused, match="only 1 of three partners agree"):
        closed(proposed, STANDS)
    assert proposed.review.proposal is not None, "what was refused has closed nothing"
    closed(proposed, NOTHING)
    assert (State.DECISION, None) == (proposed.review.state, proposed.review.proposal)
    proposed.take("propose_review_decision", by="alex_example")


def test_closing_for_it_to_stand_needs_those_who_must_be_present(proposed) -> None:
    """The example asks for all three: the unit cannot close past one of them; nor can a partner close at all."""
    for person in (LA, POLICE):
        signs(proposed, person)
    with pytest.raises(TransitionRefused, match="not quorate: no position of the integrated care board"):
        closed(proposed, STANDS)
    with pytest.raises(TransitionRefused, match="may not take this step"):
        closed(proposed, STANDS, by=LA)


def test_a_quorum_of_three_with_one_absent(proposed, rulebook) -> None:
    """Where two must be present and agree: closed with reasons, whoever has not answered stands as such."""
    under(proposed, rulebook, quorum=Quorums(present=("local_authority", "police"), agree=2))
    for person in (LA, POLICE):
        signs(proposed, person)
    assert State.DECISION is proposed.review.state, "a third is still waited for"
    taken = closed(proposed, STANDS)
    assert State.COMMISSIONING is taken.review.state
    decided = taken.review.facts["decided"]
    assert {"person": None, "position": "absent"} == decided["positions"]["integrated_care_board"]
    assert ["integrated_care_board"] == taken.review.facts["positions_closed"]["not_answered"]
    *_, line = proposed.records.events(proposed.reference)
    assert (
        "Integrated care board was absent, having not answered." in history(taken.review, [line], rulebook)[-1].further
    )


def test_one_who_takes_no_part_has_answered(proposed, rulebook) -> None:
    """Where two suffice the third may sign that they take no part: the decision stands without closing."""
    under(proposed, rulebook, quorum=Quorums(present=("local_authority", "police"), agree=2))
    signs(proposed, HEALTH, "absent")
    for person in (LA, POLICE):
        signs(proposed, person)
    assert State.COMMISSIONING is proposed.review.state


def test_a_partner_who_left_in_between_has_signed_all_the_same(proposed, rulebook) -> None:
    """Their position is their partner's of that day; who leaves before signing is signed for by their successor."""
    signs(proposed, POLICE)
    proposed.later(2)
    left = [proposed.today.replace(day=proposed.today.day - 1), {POLICE, LA}]
    people = tuple(
        one.model_copy(update={"until": left[0]}) if one.id in left[1] else one for one in rulebook.partnership.people
    )
    under(proposed, rulebook, people=people)
    with pytest.raises(TransitionRefused, match="holds no role on this day"):
        signs(proposed, LA)
    signs(proposed, "dana_sample")
    signs(proposed, HEALTH)
    assert State.COMMISSIONING is proposed.review.state
    positions = proposed.review.facts["decided"]["positions"]
    assert (POLICE, "dana_sample") == (positions["police"]["person"], positions["local_authority"]["person"])


def test_a_day_put_right_asks_everybody_again(proposed) -> None:
    """What they signed was signed on another record: it stays on its line, and counts no more."""
    signs(proposed, LA)
    signs(proposed, POLICE)
    proposed.take("correct_date", what="rapid_review_completed", correct_on=proposed.today)
    assert 3 == len(proposed.review.proposal.waiting)
    for person in (LA, POLICE, HEALTH):
        signs(proposed, person)
    assert State.COMMISSIONING is proposed.review.state


def test_a_review_that_moves_on_asks_nobody_any_more(proposed) -> None:
    """Withdrawn in the middle: the positions stay in the ledger, and there is nothing to sign."""
    signs(proposed, LA)
    proposed.take("withdraw_notification")
    assert proposed.review.proposal is None
    with pytest.raises(TransitionRefused):
        signs(proposed, POLICE)


def test_the_decision_is_not_taken_past_those_who_sign(proposed) -> None:
    """Entered for a meeting: refused while positions are signed, and taken as ever once they are closed."""
    with pytest.raises(TransitionRefused, match="close the positions first"):
        proposed.take("decide_review")
    closed(proposed, NOTHING)
    assert State.COMMISSIONING is proposed.take("decide_review").review.state


def test_what_would_be_refused_is_not_proposed(case) -> None:
    """Every condition of the decision is judged when it is proposed, and nothing twice at once."""
    case.take("conclude_rapid_review").later(1)
    with pytest.raises(TransitionRefused, match="send the rapid review and the decision to the national Panel first"):
        case.take(
            "propose_review_decision",
            by="alex_example",
            outcome="no local review: learning captured",
        )
    case.take("propose_review_decision", by="alex_example")
    with pytest.raises(TransitionRefused, match="already: close them first"):
        case.take("propose_review_decision", by="alex_example")


def test_the_card_says_who_has_answered_and_never_how(proposed) -> None:
    """And who is waited for; of each partner's people, those are asked whose position is missing."""
    signs(proposed, DEPUTY, "dissent")
    book = proposed.records.rulebook
    words = card.description(proposed.review, proposed.today, book)
    assert "Answered: Police. Waited for: Local authority, Integrated care board." in words
    assert not any(said in words.lower() for said in ("dissent", "agree", WHY.lower()))
    people = {one: waits_for(book.partnership.person(one), proposed.review, book.partnership) for one in (LA, POLICE)}
    assert {LA: True, POLICE: False} == people


def test_an_adult_review_is_decided_by_whoever_the_file_says(partnership, rulebook) -> None:
    """The independent chair decides, advised by the partners: it stands when all have answered and the chair agrees."""
    chair = rulebook.partnership.holders("independent_chair")[0].id
    book = rulebook.model_copy(
        update={"partnership": rulebook.partnership.model_copy(update={"decides": Decides(adults="independent_chair")})}
    )
    partnership.records.use(book)
    case = partnership.hears_of(date(2026, 11, 2), track="adults")
    case.take("accept_referral").later(20).take("complete_screening")
    case.take("propose_adult_decision", by="alex_example")
    assert "independent_chair" in case.review.proposal.asked
    signs(case, chair)
    for person in (LA, HEALTH):
        signs(case, person)
    signs(case, POLICE, "dissent")
    *_, line = case.records.events(case.reference)
    assert ("decided", chair) == (line.kind, line.actor.person)
    assert "independent_chair" == line.facts["decided_by"]
    assert State.COMMISSIONING is case.review.state


def test_a_chair_who_does_not_decide_so_stops_it(partnership, rulebook) -> None:
    """Though every partner advises it."""
    chair = rulebook.partnership.holders("independent_chair")[0].id
    changed = rulebook.partnership.model_copy(update={"decides": Decides(adults="independent_chair")})
    partnership.records.use(rulebook.model_copy(update={"partnership": changed}))
    case = partnership.hears_of(date(2026, 11, 2), track="adults")
    case.take("accept_referral").later(20).take("complete_screening").take("propose_adult_decision", by="alex_example")
    for person in (LA, POLICE, HEALTH):
        signs(case, person)
    signs(case, chair, "dissent")
    assert State.DECISION is case.review.state
    with pytest.raises(TransitionRefused, match="does not decide so"):
        closed(case, STANDS)


def test_a_decision_that_is_taken_back_leaves_the_positions_as_they_were(proposed) -> None:
    """All have answered, and the unit says what becomes of it: it stands again, by the same signatures."""
    for person in (LA, POLICE, HEALTH):
        signs(proposed, person)
    proposed.take("take_back_step", by=LA)
    assert (State.DECISION, ()) == (proposed.review.state, proposed.review.proposal.waiting)
    assert State.COMMISSIONING is closed(proposed, STANDS).review.state
    assert "alex_example" == proposed.records.events(proposed.reference)[-1].actor.person
    assert [] == list(proposed.records.verify())


def test_nothing_is_sent_before_it_is_decided(proposed) -> None:
    """
    A dispatch is not asked for in a proposal, nor kept of one by an earlier program; it is dated no earlier than the
    decision, on its form and when a day is put right.
    """
    raw = answer("propose_review_decision", proposed.review, proposed.today)
    assert not {*raw} & {*DONE_ONCE_DECIDED}
    line = next(one for one in proposed.records.events(proposed.reference) if one.kind == "decision_proposed")
    old = line.model_copy(update={"facts": {**line.facts, "sent_to_panel_on": proposed.today.isoformat()}})
    made = as_signed(old, proposed.review.proposal, {}, DECIDE_REVIEW.form, proposed.today)
    assert "sent_to_panel_on" not in made
    closed(proposed, NOTHING)
    proposed.later(2)
    with pytest.raises(TransitionRefused, match="nothing is sent or told before it is decided"):
        proposed.take("decide_review", sent_to_panel_on=proposed.today - timedelta(days=1))
    proposed.take("decide_review")
    for what, on in (("rapid_review_sent", proposed.today - timedelta(days=1)),):
        with pytest.raises(TransitionRefused, match="would be before decided"):
            proposed.take("correct_date", what=what, correct_on=on)


def test_the_referrer_is_told_of_an_adult_decision_once_it_stands(partnership) -> None:
    """Closed by signed positions: nobody was told before; the history says that it is still to be done, and it can."""
    case = partnership.hears_of(date(2026, 11, 2), track="adults")
    case.take("accept_referral").later(20).take("complete_screening")
    case.take("propose_adult_decision", by="alex_example", needs=no(), outcome="not met", method="not applicable")
    for person in (LA, POLICE, HEALTH):
        signs(case, person)
    assert State.NOT_MET is case.review.state
    *_, line = case.records.events(case.reference)
    assert "the referrer is still to be told" in history(case.review, [line], case.records.rulebook)[-1].sentence
    case.take("record_done", what="referrer told of the outcome")


def test_it_stands_once_what_was_missing_is_recorded(case) -> None:
    """All agree after day 15 without a reason: it does not stand; given the reason it does, without another press."""
    case.on(date(2026, 12, 16)).take("conclude_rapid_review").take("propose_review_decision", by="alex_example")
    case.on(date(2026, 12, 22))
    for person in (LA, POLICE, HEALTH):
        signs(case, person)
    assert (State.DECISION, ()) == (case.review.state, case.review.proposal.waiting)
    assert "decide_review" not in {step.name for step in steps_of(case.review)}, "nor is the decision offered past them"
    case.take("record_meeting")
    lines = case.records.events(case.reference)
    why = why_it_does_not_stand(case.review, lines, Actor(person=LA), case.at, case.records.rulebook)
    assert "say why" in " ".join(why)
    case.take("give_reason", rule="C05", sent_to=[])
    assert State.COMMISSIONING is case.review.state
    case.take("take_back_step", by=LA, line="").take("record_meeting")
    assert State.DECISION is case.review.state, "what was taken back does not come back by something else"
    assert [] == list(case.records.verify())


def test_whoever_is_asked_is_told_what_to_do(proposed) -> None:
    """The letter of a proposal says whose position is asked for and leads to its page; to the unit it says neither."""
    *_, line = proposed.records.events(proposed.reference)
    assert "decision_proposed" == line.kind
    told = notices_for(line, proposed.review, proposed.review, proposed.records.rulebook)
    letters = {
        one.person: write_letter(one.occasion, {**one.context, "link": "https://pages.example/r"}) for one in told
    }
    assert "the position of: Police, is asked for" in letters[POLICE].markdown
    assert "[Sign your position](https://pages.example/r/position)" in letters[POLICE].markdown
    unit = [
        letter for person, letter in letters.items() if person not in (LA, POLICE, HEALTH) and "sample" not in person
    ]
    assert unit or "alex_example" == line.actor.person
    assert all("Sign your position" not in letter.markdown for letter in unit)


# --------------------------------------------------------------------------- nobody's signature is turned or removed


def test_a_deputy_does_not_turn_what_their_partner_signed(proposed) -> None:
    """Refused in words, and not offered; the one for whom a deputy signed signs in their place, and it is said."""
    partnership = proposed.records.rulebook.partnership
    signs(proposed, POLICE, "dissent")
    with pytest.raises(TransitionRefused, match="Harper Sample has signed for this partner already"):
        signs(proposed, DEPUTY)
    assert not may_answer(partnership.person(DEPUTY), proposed.review, partnership)
    away = Away(**{"from": proposed.today, "to": proposed.today})
    people = tuple(one.model_copy(update={"away": (away,)}) if one.id == POLICE else one for one in partnership.people)
    under(proposed, proposed.records.rulebook, people=people)
    for person in (DEPUTY, "eddie_sample"):
        with pytest.raises(TransitionRefused, match="nobody else signs in their place"):
            signs(proposed, person)
    signs(proposed, "leslie_sample")
    signs(proposed, HEALTH, "dissent")
    (before,) = proposed.review.proposal.replaced
    assert ("leslie_sample", "agree") == (before.person, before.position)
    words = "in the place of an agreement that Leslie Sample had signed on"
    rows = {one.of: one.how for one in how_far(proposed.review.proposal, partnership)}
    assert words in rows["Integrated care board"]
    *_, line = proposed.records.events(proposed.reference)
    assert words in history(proposed.review, [line], proposed.records.rulebook)[-1].sentence
    signs(proposed, POLICE)
    signs(proposed, LA)
    *_, line = proposed.records.events(proposed.reference)
    further = " ".join(history(proposed.review, [line], proposed.records.rulebook)[-1].further)
    assert "decided" == line.kind
    assert words in further
    assert "in the place of a dissent that Harper Sample had signed on" in further


def test_the_unit_takes_nobody_s_position_back(proposed) -> None:
    """Neither the line, nor the proposal, nor what stood before both; the signer takes their own back."""
    before = proposed.review.version - 1
    signs(proposed, LA, "dissent")
    wrong = "take back what followed it too"
    for person in ("alex_example", POLICE):
        with pytest.raises(TransitionRefused, match="by them alone: Glenn Sample"):
            proposed.take("take_back_step", by=person, line="")
    for line in (proposed.review.proposal.line, before):
        for person in ("alex_example", LA):
            with pytest.raises(TransitionRefused, match="by which nothing is decided and what was signed stays"):
                proposed.take("take_back_step", by=person, line=str(line), followed=wrong)
    signs(proposed, POLICE)
    with pytest.raises(TransitionRefused, match="by them alone: Harper Sample"):
        proposed.take("take_back_step", by=LA, line=str(proposed.review.proposal.signatures[0].line), followed=wrong)
    assert ("integrated_care_board",) == proposed.review.proposal.waiting
    proposed.take("take_back_step", by=POLICE, line="")
    assert {"police", "integrated_care_board"} == {*proposed.review.proposal.waiting}


def test_what_was_signed_is_shown_with_what_was_decided_without_it(proposed) -> None:
    """Closed for nothing to be decided, then entered for a meeting where all agree: the dissent stands beside it."""
    signs(proposed, LA)
    signs(proposed, POLICE, "dissent")
    closed(proposed, NOTHING)
    book = proposed.records.rulebook
    *_, line = proposed.records.events(proposed.reference)
    (said,) = history(proposed.review, [line], book)
    assert "signed: Local authority agreed (Glenn Sample) and Police dissented (Harper Sample)" in said.sentence
    proposed.take("decide_review")
    lines = proposed.records.events(proposed.reference)
    dissented = "Police dissented (Harper Sample, "
    assert dissented in " ".join(history(proposed.review, lines, book)[-1].further)
    shown, *_ = decisions_of(lines, proposed.review, book.partnership)
    assert dissented in " ".join(shown.found)
    proposed.take("take_back_step", by=LA, line="").take("propose_review_decision", by="alex_example")
    for person in (LA, POLICE, HEALTH):
        signs(proposed, person)
    lines = proposed.records.events(proposed.reference)
    (words,) = in_words(signed_before(lines, lines[-1]), str, str)
    assert 2 == words.count("line "), "what stands in the decision itself is not said again"


# --------------------------------------------------------------------------- proof demanded


def test_a_step_of_which_proof_is_demanded(case, rulebook) -> None:
    """Declared, minuted, by a paper or by name: refused, and it says how to prove it; with a code it is taken."""
    case.take("conclude_rapid_review").later(1)
    under(case, rulebook, proof=(DemandedProof(step="decide_review"),))
    raw = answer("decide_review", case.review, case.today)
    for actor in (
        Actor(person=LA),
        Actor(person=LA, attestation=Attestation.MINUTED, minute="SP/2026/11, item 4"),
        Actor(person=LA, attestation=Attestation.PROVED, minute="EX-1"),
        signed_in(LA, "demo"),
    ):
        with pytest.raises(TransitionRefused, match="sign in yourself at the people's pages"):
            case.records.attempt(case.reference, "decide_review", raw, actor, case.at)
        (words,) = case.records.unmet(case.reference, "decide_review", raw, actor, case.at)
        assert "demands proof" in words
    case.records.attempt(case.reference, "decide_review", raw, signed_in(LA, "code"), case.at)
    assert State.COMMISSIONING is case.review.state


def test_an_authenticator_may_be_demanded(proposed, rulebook) -> None:
    """Then a mailed code is not enough, neither for the decision nor for a position on it."""
    under(proposed, rulebook, proof=(DemandedProof(step="decide_review", by="authenticator"),))
    with pytest.raises(TransitionRefused, match="with the code of your authenticator"):
        signs(proposed, LA)
    for person in (LA, POLICE, HEALTH):
        signs(proposed, person, proof="authenticator")
    assert State.COMMISSIONING is proposed.review.state


def test_a_code_to_a_mailbox_of_several_proves_none_of_them(proposed, rulebook) -> None:
    """No position and no step of which proof is demanded, on whichever track the other serves; `check` says so."""
    shared = rulebook.partnership.person(LA).email.upper()
    people = tuple(
        one.model_copy(update={"email": shared}) if one.id in (POLICE, HEALTH) else one
        for one in rulebook.partnership.people
    )
    under(proposed, rulebook, people=people, proof=(DemandedProof(step="decide_review"),))
    for person in (LA, POLICE, HEALTH):
        with pytest.raises(TransitionRefused, match="does not prove who of you signs: ask the business unit"):
            signs(proposed, person)
    assert () == proposed.review.proposal.signatures
    (known,) = [one for one in warnings(proposed.records.rulebook.partnership, proposed.today) if "mailbox" in one]
    assert "Glenn Sample, Harper Sample, Indy Sample have one mailbox" in known
    signs(proposed, LA, proof="authenticator")
    signs(proposed, DEPUTY)
    closed(proposed, NOTHING)
    raw = answer("decide_review", proposed.review, proposed.today)
    with pytest.raises(TransitionRefused, match="Harper Sample and Indy Sample have too"):
        proposed.records.attempt(proposed.reference, "decide_review", raw, signed_in(LA, "code"), proposed.at)
    for gone in (POLICE, HEALTH):  # Whoever serves no more reads no mailbox.
        until = proposed.today - timedelta(days=1)
        people = tuple(one.model_copy(update={"until": until}) if one.id == gone else one for one in people)
    under(proposed, rulebook, people=people)
    assert [] == might_be_another(signed_in(LA, "code"), proposed.records.rulebook.partnership.on(proposed.today))
