"""A partner signs their own position at the pages: proposed by the unit, signed by each, and what the pages say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pyotp
import pytest
from driver.filling import Filler
from driver.visitor import Clock, Visitor

from flows.demo.answers import answer
from pages.guard import Guard
from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.law.demanded_proof import DemandedProof
from safeguarding.notices.step_notices import notices_for
from safeguarding.review.proof import signed_in
from safeguarding.review.states import State
from tasks.record import authenticators, drafts
from tasks.record.installation import Installation

TO_DECIDE = "CSPR-2026-006"
AT = f"/reviews/{TO_DECIDE}"
GLENN, HARPER, INDY, KELLY = (
    "glenn@council.example",
    "harper@police.example",
    "indy@icb.example",
    "kelly@police.example",
)
WHY = "The learning is already in hand, as the minutes of canary-9 say."
Code = Callable[[], str]


@pytest.fixture
def proposed(installation: Installation, clock: Clock) -> Installation:
    """A record on which a decision was put to the partners by the unit."""
    records = installation.records
    raw = answer("propose_review_decision", records.read(TO_DECIDE), london_date(clock.at))
    records.attempt(TO_DECIDE, "propose_review_decision", raw, signed_in("alex_example", "code"), clock.at)
    return installation


def signs(visitor: Visitor, position: str, reasons: str = "") -> Visitor:
    """Somebody signs their position by the form that the page leads to, as a browser would."""
    visitor.get(f"{AT}/position")
    assert "Sign your position" in visitor.words
    filler = Filler(visitor)
    filler.open(f"{AT}/do/sign_position")
    filler.fill({"position": position, "reasons": reasons})
    filler.send()
    return visitor


def test_nobody_signs_over_their_deputy_without_having_seen_it(
    proposed: Installation, served: Guard, newest: Code, clock: Clock
) -> None:
    """
    Harper has the form open when Kelly, who stands in, signs a dissent: it is not sent over that. Once Harper has seen
    it and signs all the same, Kelly hears of it.
    """
    harper, opened = Visitor(served).sign_in(HARPER, newest), proposed.records.read(TO_DECIDE).changed
    form = Filler(harper)
    form.open(f"{AT}/do/sign_position")
    form.fill({"position": "agree"})
    signs(Visitor(served).sign_in(KELLY, newest), "dissent", WHY)
    form.send()

    assert "The review changed while this form was open" in harper.words
    standing = proposed.records.read(TO_DECIDE).proposal
    assert standing is not None
    assert "dissent" == standing.standing["police"].position
    raw, actor = {"position": "agree"}, signed_in("harper_sample", "code")
    with pytest.raises(TransitionRefused, match="changed while this form was open"):
        proposed.records.attempt(TO_DECIDE, "sign_position", raw, actor, clock.at, opened)

    before = proposed.records.read(TO_DECIDE)
    taken = proposed.records.attempt(TO_DECIDE, "sign_position", raw, actor, clock.at)

    owed = notices_for(taken.event, before, taken.review, proposed.rulebook)
    told = [one.context["happened"] for one in owed if one.person == "kelly_sample"]
    assert {"Position signed in the place of yours"} == {*told}


def test_a_dissent_by_own_sign_in_ends_in_a_decision_that_says_so(
    proposed: Installation, served: Guard, newest: Code, clock: Clock
) -> None:
    """Home says that it is waited for; each signs; the review's page says who, how, and on what authority."""
    kelly = Visitor(served).sign_in(KELLY, newest)
    assert f"Sign your position on {TO_DECIDE}" in (kelly.get("/") and kelly.words)
    signs(kelly, "dissent", WHY)
    assert f"Sign your position on {TO_DECIDE}" not in (kelly.get("/") and kelly.words)
    assert "1 of 3 have answered" in (kelly.get(AT) and kelly.words)
    harper = Visitor(served).sign_in(HARPER, newest)
    assert "somebody else for your partner" in (harper.get(f"{AT}/position") and harper.words)
    glenn = Visitor(served).sign_in(GLENN, newest)
    glenn.get(f"{AT}/position")
    assert "Show the words of what is proposed" in glenn.words
    glenn.post(f"{AT}/words", words=f"line-{proposed.records.read(TO_DECIDE).proposal.line}")
    assert "New learning about how agencies share what they see." in glenn.words, "what is signed can be read before"
    signs(glenn, "agree")
    indy = signs(Visitor(served).sign_in(INDY, newest), "agree")
    assert "The partners decided on Mon 30 Nov 2026: local review" in indy.words, "what was recorded says both lines"
    assert State.COMMISSIONING is proposed.records.read(TO_DECIDE).state
    for visitor in (glenn, indy, kelly):
        words = visitor.get(AT) and visitor.words
        assert (
            "Police Dissents: Kelly Sample, signed in person on Mon 30 Nov 2026, proved by code, on the authority"
            in words
        )
        assert "Letter of the chief constable, reference EX-POL-1" in words
        assert "canary-9" not in words
    decided = proposed.records.events(TO_DECIDE)[-1]
    glenn.post(f"{AT}/words", words=f"decision-{decided.sequence}")
    assert WHY in glenn.words, "why is one press away, and recorded"
    assert 404 == kelly.get(f"{AT}/position").status_code
    assert [] == list(proposed.records.verify(TO_DECIDE))


def test_a_dissent_without_reasons_is_asked_for_them_at_their_box(
    proposed: Installation, served: Guard, newest: Code
) -> None:
    """«Continue» does not let it through: the page says so at the question, and the check leads there."""
    glenn = Visitor(served).sign_in(GLENN, newest)
    filler = Filler(glenn)
    form = f"{AT}/do/sign_position"
    for position in ("dissent", "absent"):
        filler.open(form)
        filler.fill({"position": position, "reasons": "   "})
        assert f"{form}/1" == glenn.path
        assert 'href="#reasons"' in glenn.page.text and 'id="reasons-error"' in glenn.page.text
        assert "Reasons: give the reasons of your position" in glenn.words
        glenn.get(f"{form}/check")
        assert f'href="{form}/1#reasons"' in glenn.page.text
        assert 1 == glenn.words.count("give the reasons of your position")
    signs(glenn, "dissent", WHY)
    assert "/recorded/" in glenn.path


def test_while_positions_are_signed_the_decision_says_for_whose_it_waits(
    proposed: Installation, served: Guard, newest: Code, clock: Clock
) -> None:
    """Not that it cannot be taken where it stands, which is where it is taken; with the way to what is proposed."""
    indy = signed_in("indy_sample", "code")
    proposed.records.attempt(TO_DECIDE, "sign_position", {"position": "agree"}, indy, clock.at)
    glenn = Visitor(served).sign_in(GLENN, newest)
    for step in ("decide_review", "propose_review_decision"):
        assert 409 == glenn.get(f"{AT}/do/{step}").status_code
        assert f"A decision is proposed on {TO_DECIDE}" in glenn.words
        assert re.search(r"It waits for the positions of: Local authority[\w ]*, [\w ]*[Pp]olice[\w ]*\.", glenn.words)
        assert f'href="{AT}/position"' in glenn.page.text


def test_where_nothing_is_proposed_there_is_nothing_to_sign(
    installation: Installation, served: Guard, newest: Code, clock: Clock
) -> None:
    """It is said, with the way to the review; and what is sent all the same is kept as no form that was begun."""
    glenn = Visitor(served).sign_in(GLENN, newest)
    form = f"{AT}/do/sign_position"
    for sends in (lambda: glenn.get(form), lambda: glenn.post(f"{form}/1", position="agree", reasons=WHY, go="next")):
        assert 409 == sends().status_code
        assert f"No decision is proposed on {TO_DECIDE}" in glenn.words
        assert f'href="{AT}"' in glenn.page.text
    assert () == tuple(drafts.of_person(installation.records, "glenn_sample", clock.at))


def test_two_partners_at_once_are_both_recorded(proposed: Installation, served: Guard, newest: Code) -> None:
    """Each had the check page open before the other sent theirs."""
    fillers = [Filler(Visitor(served).sign_in(one, newest)) for one in (GLENN, INDY)]
    for filler in fillers:
        filler.open(f"{AT}/do/sign_position")
        filler.fill({"position": "agree"})
    for filler in fillers:
        filler.send()
    assert ("police",) == proposed.records.read(TO_DECIDE).proposal.waiting


def test_nobody_who_is_not_asked_can_sign(proposed: Installation, alex: Visitor) -> None:
    """The unit sees who has signed, may close the positions, and is not given the form to sign."""
    alex.get(f"{AT}/position")
    assert ("Close the positions" in alex.words, "Sign your position" in alex.words) == (True, False)
    assert 403 == alex.get(f"{AT}/do/sign_position").status_code
    assert ("police",) != proposed.records.read(TO_DECIDE).proposal.waiting


def test_the_form_says_at_once_who_is_not_asked(proposed: Installation, served: Guard, newest: Code) -> None:
    """The independent chair, whom nobody asks about a child; and a deputy whose delegate has signed already."""
    morgan = Visitor(served).sign_in("morgan@chairs.example", newest)
    assert 403 == morgan.get(f"{AT}/do/sign_position").status_code
    assert "Nobody asks you for a position on this decision. Those who are asked: Local authority" in morgan.words
    kelly = Visitor(served).sign_in(KELLY, newest)
    assert 200 == kelly.get(f"{AT}/do/sign_position").status_code
    signs(Visitor(served).sign_in(HARPER, newest), "agree")
    assert 403 == kelly.get(f"{AT}/do/sign_position").status_code
    assert "Somebody else has signed for the partner that you speak for" in kelly.words
    for path in ("/", AT, f"{AT}/position"):
        kelly.get(path)
        assert f"{AT}/do/sign_position" not in kelly.page.text, path


def test_all_have_signed_and_it_does_not_stand(
    proposed: Installation, served: Guard, alex: Visitor, newest: Code, clock: Clock
) -> None:
    """The last signer reads why before and after, the unit on its first page; whoever is not asked sees no position."""
    for person in ("glenn_sample", "harper_sample"):
        raw = {"position": "dissent", "reasons": WHY}
        proposed.records.attempt(TO_DECIDE, "sign_position", raw, signed_in(person, "code"), clock.at)
    sam = Visitor(served).sign_in("sam@council.example", newest)
    for path in (AT, f"{AT}/position", f"{AT}/recorded/{proposed.records.read(TO_DECIDE).version}"):
        sam.get(path)
        assert not any(said in sam.words for said in ("dissent", "Dissent", "Show the words of «Position signed»")), (
            path
        )
    assert "Has signed" in (sam.get(f"{AT}/position") and sam.words)
    indy = Visitor(served).sign_in(INDY, newest)
    filler = Filler(indy)
    filler.open(f"{AT}/do/sign_position")
    filler.fill({"position": "agree"})
    indy.get(f"{AT}/do/sign_position/check")
    missing = "only 1 of three partners agree"
    assert "What is proposed: local review" in indy.words
    assert "the decision does not stand" in indy.words
    assert missing in indy.words
    filler.send()
    assert "/recorded/" in indy.path
    assert missing in indy.words
    assert "What was proposed: local review" in indy.words
    for path in ("/", AT, f"{AT}/position"):
        assert missing in (alex.get(path) and alex.words), path
    assert missing not in (sam.get(AT) and sam.words)
    assert f"Decide on {TO_DECIDE}" not in (indy.get("/") and indy.words)


def test_a_draft_is_one_of_its_proposal(proposed: Installation, served: Guard, newest: Code, clock: Clock) -> None:
    """Typed about one proposal, never sent: about the next one nothing is typed yet."""
    glenn = Visitor(served).sign_in(GLENN, newest)
    filler = Filler(glenn)
    filler.open(f"{AT}/do/sign_position")
    filler.fill({"position": "dissent", "reasons": WHY})
    assert WHY in (glenn.get(f"{AT}/do/sign_position") and glenn.page.text)
    unit, records = signed_in("alex_example", "code"), proposed.records
    nothing = {"becomes": "nothing is decided", "reasons": "Another is proposed."}
    records.attempt(TO_DECIDE, "close_positions", nothing, unit, clock.at)
    raw = answer("propose_review_decision", records.read(TO_DECIDE), london_date(clock.at))
    raw["outcome"] = "refer for national review"
    records.attempt(TO_DECIDE, "propose_review_decision", raw, unit, clock.at)
    assert WHY not in (glenn.get(f"{AT}/do/sign_position") and glenn.page.text)
    signs(glenn, "agree")
    assert "refer for national review" in glenn.words


def test_where_an_authenticator_is_demanded_a_mailed_code_is_refused_in_words(
    proposed: Installation, served: Guard, newest: Code, clock: Clock
) -> None:
    """It says where to set one up; what was typed is there still; with the authenticator it is taken."""
    book = proposed.rulebook
    demand = (DemandedProof(step="decide_review", by="authenticator"),)
    partnership = book.partnership.model_copy(update={"proof": demand})
    changed = book.model_copy(update={"partnership": partnership})
    proposed.rulebook = changed
    proposed.records.use(changed)
    glenn = signs(Visitor(served).sign_in(GLENN, newest), "dissent", WHY)
    assert "with the code of your authenticator, which you set up there at «Your sign-in»" in glenn.words
    assert WHY in (glenn.get(f"{AT}/do/sign_position") and glenn.page.text)
    device = enrolled(proposed, "glenn_sample", clock.at)
    clock.later(seconds=30)
    other = Visitor(served)
    other.get("/sign-in")
    other.post("/sign-in", address=GLENN)
    other.post("/sign-in/code", code=device.at(clock.at))
    signs(other, "dissent", WHY)
    (signature,) = proposed.records.read(TO_DECIDE).proposal.signatures
    assert ("authenticator", "dissent") == (signature.proof, signature.position)


def enrolled(installation: Installation, person: str, now: datetime) -> pyotp.TOTP:
    """Somebody's authenticator, set up."""
    authenticators.begin(installation.records, person, now)
    device = pyotp.TOTP(str(authenticators.secret_to_take_in(installation.records, person, now)))
    authenticators.confirm(installation.records, person, device.at(now), now, keep="")
    return device
