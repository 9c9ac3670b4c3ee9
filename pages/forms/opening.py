"""
Opening a form: which step of which review it is, whether it is theirs to take, and what already stands in its boxes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from fastapi.responses import RedirectResponse

from pages.forms.beside import PROPOSED
from pages.forms.known import known_answers
from pages.forms.offers import OtherReview
from pages.forms.question import FormQuestion
from pages.forms.signing import HOW
from pages.forms.typed import Typed, as_typed
from pages.forms.what_now import NEW_AT
from pages.forms.work import FormAtWork, new_token, step_named, work_on
from pages.running import Running
from pages.seen import Seen
from pages.visits import Stopped, Visit, Visits
from safeguarding.duties.retention import is_erased
from safeguarding.law.roles import ROLES
from safeguarding.review.as_arranged import TRACK
from safeguarding.review.events import ENTERED_BY, Attestation, Event
from safeguarding.review.proposals import answers_for
from safeguarding.review.public_until import is_public
from safeguarding.review.review import Review
from safeguarding.shown.positions import how_far, may_answer, name_of
from tasks.record import drafts
from tasks.store.kept_answers import KeptAnswers

ERASED_TITLE = "Its text was erased"
ERASED = "The text of this review was erased, so nothing more can be written about it."
MOST_BEGUN = 5_000
"""Forms of which it is remembered how their submission is named while nothing of them is kept."""
GIVEN = {
    "record_own_milestone": ("milestone",),
    "open_referral": ("track",),
    "check_action_impact": ("actions",),
    "add_action": ("agency", "recommendation", "lesson"),
}
"""The questions that links of ours answer, by step: which milestone a date waits for, of whom a referral is, which
action is looked at, what an action is for that follows another."""


class Opener:
    """Opens forms for whoever is signed in."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen
        self._begun: OrderedDict[drafts.Whose, str] = OrderedDict()
        self._sent: OrderedDict[str, str] = OrderedDict()

    def opened(
        self,
        visit: Visit,
        reference: str,
        step: str,
        given: Mapping[str, str],
        *,
        sent: bool = False,
        opened_on: date | None = None,
    ) -> FormAtWork:
        """
        A form with what stands in it: the draft, else what was refused before, else what the record knows.

        `given` goes into boxes that are empty. Raises Stopped: there is no such review or step, it is not theirs to
        take, or it cannot be taken now. What was `sent` is taken in all the same: it is lost to nobody. `opened_on` is
        when its page was, if that was sent: what was filled in then is filled in still, however late it is sent.
        """
        of_track = next((track for track, at in NEW_AT.items() if at == reference), "")
        review, events = self._review(visit, reference)
        if review is not None and is_erased(review):
            raise Stopped(self._visits.page(visit, "stopped", 409, title=ERASED_TITLE, words=ERASED))
        declared = step_named(step, review) if not of_track or TRACK in GIVEN.get(step, ()) else None
        if declared is None or visit.person is None or visit.signed_in is None:
            raise self._seen.none(visit)
        others = self._others(visit)
        rulebook = self._running.rulebook()
        proof = visit.signed_in.proof
        work = work_on(declared, review, events, visit.person, proof, rulebook, others, of_track)
        if not work.signing.at_all:
            raise self._not_theirs(visit, work)
        if declared.own_sign_in and review is not None and review.proposal is not None:
            self._is_asked(visit, review, work)
        draft = drafts.read(self._running.records, work.whose, self._running.clock())
        if draft is not None and work.fits(draft.words):
            work.take_up(draft.words)
        if elsewhere := self._of_the_track(work, given):
            raise Stopped(RedirectResponse(elsewhere, status_code=303))
        if not work.kept:
            nobody_asks = declared.while_proposed is True and not any(one.kind == PROPOSED for one in events)
            if review is not None and not declared.open_to(review) and (nobody_asks or not sent):
                raise self._not_now(visit, work, review)
            self._begin(work, opened_on)
        _give(work, {TRACK: of_track} if of_track else given)
        return work

    def _begin(self, work: FormAtWork, opened_on: date | None) -> None:
        refused = self._refused(work)
        work.begin(refused or self._known(work), self._token(work.whose))
        if refused is None:
            work.fill_in(opened_on or self._running.today())

    def beside(self, work: FormAtWork) -> str:
        """Where the form lies beside which this one was begun, of the other track; nothing where there is none."""
        first = replace(work, of_track="")
        return f"{first.at}/1" if work.of_track and self._is_kept(first) else ""

    def _of_the_track(self, work: FormAtWork, given: Mapping[str, str]) -> str:
        """
        Where the form of the track is that a link asks for, if another is begun here or that one there: nobody is
        shown one as the other, and neither takes the other's place.
        """
        asked, begun = given.get(TRACK, ""), work.typed.one(TRACK) if work.kept else ""
        if work.of_track or not asked or asked == begun or TRACK not in GIVEN.get(work.step.name, ()):
            return ""
        own = replace(work, of_track=asked) if asked in NEW_AT else work
        return own.at if own is not work and (begun or self._is_kept(own)) else ""

    def _is_kept(self, work: FormAtWork) -> bool:
        return drafts.read(self._running.records, work.whose, self._running.clock()) is not None

    def was_sent(self, whose: drafts.Whose, token: str = "", page: str = "") -> None:
        """From now on the form is another submission. `page` is the digest of the page from which it was sent."""
        self._begun.pop(whose, None)
        if page:
            self._sent[token] = page
            while len(self._sent) > MOST_BEGUN:
                self._sent.popitem(last=False)

    def is_pressed_twice(self, token: str, page: str) -> bool:
        """Whether the same page was sent before as the same submission."""
        return self._sent.get(token) == page

    def _token(self, whose: drafts.Whose) -> str:
        """The same for every window in which a form is opened before anything of it is kept."""
        token = self._begun.setdefault(whose, new_token())
        while len(self._begun) > MOST_BEGUN:
            self._begun.popitem(last=False)
        return token

    def _review(self, visit: Visit, reference: str) -> tuple[Review | None, Sequence[Event]]:
        if reference in NEW_AT.values():
            return None, ()
        return self._seen.review(visit, reference)

    def _others(self, visit: Visit) -> list[OtherReview]:
        rows = self._seen.reviews(visit)
        return [OtherReview(row.reference, row.pseudonym, row.track.value) for row in rows]

    def let_go(self, work: FormAtWork) -> None:
        """What was typed on a form is thrown away, with what is kept of it since it was refused."""
        drafts.forget(self._running.records, work.whose)
        refused = [kept.sequence for kept in self._all_refused(work)]
        if refused:
            drafts.forget_refused(self._running.records, work.reference, refused)

    def _refused(self, work: FormAtWork) -> Typed | None:
        """What was typed and refused before by the same person, at whichever door."""
        last = next((kept for kept in self._all_refused(work) if kept.sequence > work.proposal), None)
        return as_typed(work.questions, last.answers) if last is not None else None

    def _all_refused(self, work: FormAtWork) -> Iterator[KeptAnswers]:
        """What is kept of refusals of this form that this person typed, the latest first."""
        there = self._running.records.kept(work.review.reference, self._running.clock()) if work.review else ()
        for kept in there:
            wrote = typed_by(work.events[kept.sequence - 1]) if kept.sequence <= len(work.events) else ""
            if kept.step == work.step.name and wrote == work.person.id:
                yield kept

    def _known(self, work: FormAtWork) -> Typed:
        """What the record knows."""
        typed = as_typed(work.questions, known_answers(work.step, work.review, work.rulebook))
        for question in work.signing.questions():
            if question.id == HOW:  # Who took it in a meeting is chosen, and by nobody but who read the minutes.
                typed.put(HOW, question.options[0].value)
        return typed

    def _not_theirs(self, visit: Visit, work: FormAtWork) -> Stopped:
        roles = ", ".join(sorted(ROLES.get(role, role.replace("_", " ")) for role in work.step.by)) or "nobody"
        whose = "those who speak for the local authority, of these: " if work.step.by_the_council else ""
        words = f"«{work.step.button}» is for: {whose}{roles}. You are here as: {visit.roles or 'nobody of these'}."
        return Stopped(self._visits.page(visit, "stopped", 403, title="Not yours to take", words=words))

    def _is_asked(self, visit: Visit, review: Review, work: FormAtWork) -> None:
        """Raises Stopped: nobody waits for a position of theirs, or somebody has signed whom they cannot replace."""
        partnership, proposal = work.rulebook.partnership, review.proposal
        if proposal is None or may_answer(work.person, review, partnership):
            return
        asked = ", ".join(line.of for line in how_far(proposal, partnership))
        words = f"Nobody asks you for a position on this decision. Those who are asked: {asked}."
        if (now := partnership.known(work.person.id)) and answers_for(now, proposal.asked, partnership):
            words = "Somebody else has signed for the partner that you speak for, and only they may sign again."
        page = self._visits.page(visit, "stopped", 403, title="Not yours to sign", words=words)
        raise Stopped(page)

    def _not_now(self, visit: Visit, work: FormAtWork, review: Review) -> Stopped:
        words, leads = _why_not_now(work, review)
        return Stopped(self._visits.page(visit, "stopped", 409, title="Not now", words=words, leads=leads))


def _why_not_now(work: FormAtWork, review: Review) -> tuple[str, tuple[str, str]]:
    """Why a step cannot be taken where a review stands, and where to go instead: the address and its words."""
    at, step = f"/reviews/{review.reference}", work.step
    the_review = (at, f"To {review.reference} · {review.pseudonym}")
    if step.while_public and not is_public(review):
        return f"Nothing of {review.reference} is public: it was not published, or was taken down.", the_review
    if review.state not in step.sources or step.while_proposed in (None, review.proposal is not None):
        return f"{review.reference} is at «{review.state.words}», where «{step.button}» cannot be taken.", the_review
    if review.proposal is None:
        return (
            f"No decision is proposed on {review.reference}, so there is no position to sign or to close.",
            the_review,
        )
    waiting = [name_of(one, work.rulebook.partnership) for one in review.proposal.waiting]
    far = f"It waits for the positions of: {', '.join(waiting)}." if waiting else "All have answered."
    words = f"A decision is proposed on {review.reference}, so «{step.button}» cannot be taken. {far}"
    return words, (f"{at}/position", "To the proposed decision, and who has signed")


def typed_by(refused: Event) -> str:
    """
    Who typed the answers of a refused form, by their id: whoever entered it for a meeting, else whoever signed it.
    Empty where somebody entered it from minutes and no line says who: it is nobody's to have back unread.
    """
    entered = str(refused.facts.get(ENTERED_BY) or "")
    return entered or ("" if refused.actor.attestation is Attestation.MINUTED else refused.actor.person)


def _give(work: FormAtWork, given: Mapping[str, str]) -> None:
    """
    Put what a link of ours says into boxes that are empty, unless the form was begun about something else; whatever
    else an address says answers nothing.
    """
    given = {name: given.get(name, "") for name in GIVEN.get(work.step.name, ())}
    if any(work.typed.one(name) not in ("", words) for name, words in given.items()):
        return
    for question in (leaf for one in work.questions for leaf in one.leaves()):
        words = given.get(question.id, "")
        if words and _fits(question, words) and not work.typed.one(question.id):
            work.typed.put(question.id, words)


def _fits(question: FormQuestion, words: str) -> bool:
    return question.kind in ("one", "several") and words in {option.value for option in question.options}
