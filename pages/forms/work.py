"""
One form that somebody works on: which step of which review, its questions, what was typed so far, what is wrong.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pages.forms.completed import eased, one_reason
from pages.forms.days import filled_in, filled_in_rows, put_today
from pages.forms.offers import Offers, OtherReview
from pages.forms.question import JOINED, FormQuestion, questions_of
from pages.forms.sections import Section, pages_of_rows, sections_of
from pages.forms.several import RowAnswered, RowOffered, row_questions, rows_gone, rows_of
from pages.forms.signing import Signing
from pages.forms.still_asked import asked_like_the_draft, still_asked
from pages.forms.typed import Typed, answers_of, row_numbers
from pages.forms.weight import is_light
from pages.forms.what_now import BESIDE, NEW_AT
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.review import answers
from safeguarding.review.answers import Wrong
from safeguarding.review.as_arranged import TRACK, as_arranged, track_taken
from safeguarding.review.events import Actor, Event
from safeguarding.review.forms import Form
from safeguarding.review.local_questions import asked_form
from safeguarding.review.review import Review
from safeguarding.review.step import Step
from safeguarding.stages import STEPS
from safeguarding.stages.commission_parts import COMMISSIONED
from safeguarding.stages.own_life import ACCEPTED
from tasks.record.sign_in import HowProved
from tasks.store.drafts import NEW

NO_ROW = "Nothing is filled in yet: answer at least one of these"
REASONS, NO_REASONS = "reasons", "Reasons: give the reasons of your position"
WINDOW, AFTER = "window", "after_window"
"""The boxes of a page that say which it is, and from which its part had been kept when it was made."""
LONGEST_WINDOW = 20
LONGEST_DRAFT = 2_000_000
"""Letters of all that was typed on one form, as it is kept."""


@dataclass(slots=True)
class FormAtWork:
    """A form as it stands."""

    step: Step
    review: Review | None
    events: Sequence[Event]
    rulebook: Rulebook
    person: Person
    signing: Signing
    questions: tuple[FormQuestion, ...]
    sections: tuple[Section, ...]
    rows: tuple[RowOffered, ...] = ()
    """The rows of a form by which the step is taken several times at once."""
    gone: tuple[FormQuestion, ...] = ()
    """The rows of such a form that are asked no more: what was typed in them is shown, and sent by nobody."""
    typed: Typed = field(default_factory=Typed)
    made_on: int | None = None
    """The version of the review from which the form was begun."""
    token: str = ""
    """What names this submission, the same however often Send is pressed."""
    kept: bool = False
    """Whether it is taken up from a draft."""
    window: str = field(default_factory=lambda: secrets.token_urlsafe(8))
    """What names the page on which it is shown, as each window has one of its own."""
    written_by: dict[str, str] = field(default_factory=dict)
    """The page from which each of its parts was kept last, by the part's number."""
    of_track: str = ""
    """The track of a new review whose form has a place of its own, beside one of the other that is begun."""
    filled: tuple[str, ...] = ()
    """The day that was filled in where the form was begun, today as it was then: of several windows, each of theirs."""

    @property
    def reference(self) -> str:
        """The review's, in the addresses of the pages."""
        return self.review.reference if self.review is not None else NEW_AT[self.of_track]

    @property
    def whose(self) -> tuple[str, str, str]:
        """What names its draft."""
        step = f"{self.step.name}{BESIDE}{self.of_track}" if self.of_track else self.step.name
        return (self.person.id, self.review.reference if self.review is not None else NEW, step)

    @property
    def at(self) -> str:
        """Where its pages are."""
        return f"/reviews/{self.reference}/do/{self.step.name}"

    @property
    def last(self) -> Section:
        """The last of its pages, on which is asked who takes the step."""
        return self.sections[-1]

    def asked_on(self, section: Section) -> tuple[FormQuestion, ...]:
        """Everything asked on one page."""
        return (*section.questions, *one_reason(section), *(self.signing.questions() if section is self.last else ()))

    def typed_in_vain(self) -> list[FormQuestion]:
        """The rows that are asked no more and say more than the day that was filled in there."""
        found = []
        for row in self.gone:
            read, unreadable = answers_of(row.inner, self.typed)
            if unreadable or any(said not in self.filled for said in read.values()):
                found.append(row)
        return found

    @property
    def at_once(self) -> bool:
        """Whether it is sent from its page, without the check: one page of a step of little weight."""
        return len(self.sections) == 1 and is_light(self.step, self.review, self.rulebook)

    # ----------------------------------------------------------------------- what was typed

    def words(self) -> str:
        """The draft as it is kept."""
        of: dict[str, Any] = {"proposal": line} if (line := self.proposal) else {}
        of |= {"filled": self.filled} if self.filled else {}
        of |= {"written_by": self.written_by} if self.written_by else {}
        return json.dumps({"boxes": self.typed.boxes, "made_on": self.made_on, "token": self.token, **of})

    @property
    def proposal(self) -> int:
        """The line of the proposed decision that this form answers; 0 of any other form."""
        answers = self.step.while_proposed is True and self.review is not None and self.review.proposal is not None
        return self.review.proposal.line if answers else 0  # type: ignore[union-attr]

    def fits(self, words: str) -> bool:
        """Whether a draft is one of this form: what was typed about an earlier proposal is none about another."""
        return not self.proposal or bool(json.loads(words).get("proposal") == self.proposal)

    def take_up(self, words: str) -> None:
        """Go on with a draft."""
        kept: dict[str, Any] = json.loads(words)
        self.typed, self.made_on, self.token = Typed(kept["boxes"]), kept["made_on"], kept["token"]
        filled = kept.get("filled", [])
        self.kept, self.filled = True, (filled,) if isinstance(filled, str) else tuple(filled)
        self.written_by = kept.get("written_by", {})

    def begin(self, typed: Typed, token: str) -> None:
        """Begin a form with what is known already."""
        self.typed, self.token = typed, token
        self.made_on = self.review.changed if self.review is not None else None

    def fill_in(self, today: date) -> None:
        """
        Put today where the step itself is asked for its day. Not where it is entered from minutes, nor of a review that
        is entered late: their days were others.
        """
        if not self.signing.may or (self.review is not None and self.review.entered_on is not None):
            return
        days = self._days_of_the_step()
        put_today(days, self.typed, today)
        self.filled = (today.isoformat(),) if days else ()

    def was_filled_in_with(self, day: date) -> None:
        """The window from which it is sent was opened on this day, perhaps another than the form was begun on."""
        if self.filled:
            self.filled = tuple(dict.fromkeys((*self.filled, day.isoformat())))

    def _days_of_the_step(self) -> list[FormQuestion]:
        find = filled_in_rows if self.rows else filled_in
        return find(self.questions, self.step, self.review, self.rulebook)

    def left_as_it_was(self, row: str, answers: Mapping[str, Any]) -> bool:
        """Whether a row says nothing, or no more than the day that was filled in there beforehand."""
        days = {one.id for one in self._days_of_the_step()} if self.filled and answers else set()
        return all(said in self.filled and f"{row}{JOINED}{name}" in days for name, said in answers.items())

    def takes_the_place(self, section: Section, sent: Typed, stood: Typed) -> bool:
        """
        Whether another window's words of a part, kept since the page was made that was sent now, give way to it.
        `stood` is what stood there before that was taken in; the day that was filled in beforehand is nobody's words.
        """
        last, window = self.written_by.get(str(section.number), ""), sent.one(WINDOW)
        if not (last and window) or last in (window, sent.one(AFTER)):
            return False
        days = self._days_of_the_step() if self.filled else ()
        beforehand = {one.id for one in days if set(self.filled) & set(answers_of((one,), stood)[0].values())}
        given_way = (name for name, said in stood.boxes.items() if any(said) and said != self.typed.boxes.get(name))
        return any(name.rpartition(JOINED)[0] not in beforehand for name in given_way)

    def write_from(self, section: Section, sent: Typed) -> None:
        """What stands in a part was sent from this page."""
        self.written_by = {**self.written_by, str(section.number): sent.one(WINDOW)[:LONGEST_WINDOW]}

    def began_on(self, version: int) -> None:
        """The version of the review that stood when the form was opened, as its page says."""
        if self.review is not None and 0 < version <= self.review.changed:
            self.made_on = version

    @property
    def not_now(self) -> str:
        """Why the step cannot be taken now, where the review stands elsewhere by now; else nothing."""
        if self.review is None or self.step.open_to(self.review):
            return ""
        where = f"{self.review.reference} is at «{self.review.state.words}»"
        return f"{where}, where «{self.step.button}» cannot be taken. What you typed is kept for 30 days."

    def renew(self) -> None:
        """A refused form is another submission when it is sent again."""
        self.token = new_token()

    def goes_on_with(self, rows: Sequence[FormQuestion], version: int) -> None:
        """The rest was recorded: what was typed in these rows is what is left of the form, at this version."""
        self.typed.keep_only(rows)
        self.made_on = version
        self.renew()

    @property
    def too_long(self) -> bool:
        """Whether more was typed than is kept of one form."""
        return len(self.words()) > LONGEST_DRAFT

    # ----------------------------------------------------------------------- what it says, and what is wrong

    def answers(self) -> tuple[list[RowAnswered], list[Wrong]]:
        """What is answered, once or row by row; and everything that cannot be read or does not fit the step's model."""
        raw, unreadable = answers_of(self.questions, self.typed)
        asked = asked_form(self.step, self.review.track.value if self.review else None, self.rulebook)
        if not self.rows:
            left = [*self._left_empty(raw), *self._without_reasons(raw)]
            misfits = [*left, *self._misfits(asked, raw, (), "", unreadable)]
            lost = {one.path for one in unreadable}
            return [RowAnswered("", "", raw)], [*unreadable, *(one for one in misfits if one.path not in lost)]
        found, wrong = [], list(unreadable)
        begun = {one.path[0] for one in unreadable}
        for row in self.rows:
            if row.key in begun or not self.left_as_it_was(row.key, raw.get(row.key, {})):
                whole = {**raw.get(row.key, {}), **row.fixed}
                found.append(RowAnswered(row.key, row.title, whole))
                wrong += self._misfits(asked, whole, (row.key,), f"{row.title}: ", unreadable)
        return found, wrong if found else [Wrong((self.last.questions[0].id,), NO_ROW)]

    def _left_empty(self, raw: dict[str, Any]) -> list[Wrong]:
        """What this page needs, though the model by itself would let it go: of a part that is not recorded yet."""
        if self.step.kind != COMMISSIONED:
            return []
        asked = (one for one in self.questions if one.needed and answers.says_nothing(raw.get(one.id)))
        optional = [one for one in asked if not self.step.form.model_fields[one.id].is_required()]
        leaves = ((one, leaf) for one in optional for leaf in one.leaves())
        return [Wrong(tuple(leaf.id.split(JOINED)), f"{_titled(one, leaf)}: is needed") for one, leaf in leaves]

    def _without_reasons(self, raw: dict[str, Any]) -> list[Wrong]:
        """A position of somebody's own that does not agree and says not why: it is asked for where its box is."""
        if not self.step.own_sign_in or raw.get("position") in (None, "", "agree"):
            return []
        return [] if str(raw.get(REASONS) or "").strip() else [Wrong((REASONS,), NO_REASONS)]

    def _misfits(
        self, asked: type[Form], raw: dict[str, Any], at: tuple[str, ...], before: str, unreadable: Sequence[Wrong]
    ) -> list[Wrong]:
        made = answers.judged(asked, raw, self.review, self.rulebook)
        lost = {one.path for one in unreadable}
        found = [Wrong((*at, *one.path), _plainly(before, one)) for one in made] if isinstance(made, list) else []
        return [placed for one in found if (placed := self._on_the_page(one)).path not in lost]

    def actor(self) -> tuple[Actor, list[Wrong]]:
        """Who signs, and what is wrong with that."""
        return self.signing.actor(self.typed)

    def _on_the_page(self, wrong: Wrong) -> Wrong:
        """The same with the number of the row as the page has it."""
        path = wrong.path
        for place, part in enumerate(path):
            question = next((one for one in self.questions if (one.id,) == path[:place]), None)
            if isinstance(part, int) and question is not None and question.kind == "rows":
                numbers = row_numbers(question, self.typed)
                number = numbers[part] if part < len(numbers) else part
                return Wrong((*path[:place], number, *path[place + 1 :]), wrong.words)
        return wrong

    def place(self, wrong: Wrong) -> tuple[int, str]:
        """On which page something wrong lies, and the id of its question; of what lies nowhere, the first page."""
        at = JOINED.join(map(str, wrong.path))
        for section in self.sections:
            if at and section.holds(at):
                return section.number, self._anchor(section.questions, at)
        if wrong.path and any(one.id == at for one in self.signing.questions()):
            return self.last.number, at
        return 0, ""

    def _anchor(self, questions: Sequence[FormQuestion], at: str) -> str:
        """The first box of the question at an id, or of the nearest one around it."""
        found = ""
        for question in questions:
            if at == question.id:
                return question.anchor
            if at.startswith(f"{question.id}{JOINED}"):
                inner = question.inner
                if question.kind == "rows":
                    number = at.removeprefix(f"{question.id}{JOINED}").partition(JOINED)[0]
                    inner = question.row(int(number)) if number.isdecimal() else ()
                found = self._anchor(inner, at) or question.anchor
        return found

    @property
    def moved_on(self) -> bool:
        """Whether the review changed while this form was open."""
        return self.review is not None and self.made_on is not None and self.review.changed > self.made_on


def new_token() -> str:
    """What names a submission, as nobody can guess it."""
    return secrets.token_urlsafe(24)


def work_on(
    step: Step,
    review: Review | None,
    events: Sequence[Event],
    person: Person,
    proof: HowProved,
    rulebook: Rulebook,
    others: Sequence[OtherReview],
    of_track: str = "",
) -> FormAtWork:
    """A form of a step, empty yet. `rulebook` is that of the day; one that is `of_track` asks for no other."""
    track = track_taken(step, review)
    rulebook = rulebook.for_track(track) if track else rulebook
    step = as_arranged(step, track, rulebook.partnership)
    asked = asked_form(step, review.track.value if review else None, rulebook)
    offers = Offers(review, rulebook, others)
    rows = rows_of(step, review, rulebook, person)
    gone = row_questions(asked, rows_gone(step, review, rulebook, person, rows), offers)
    questions = row_questions(asked, rows, offers) if rows else questions_of(asked, offers)
    if step.kind == COMMISSIONED and review is not None:
        questions = still_asked(questions, review)
    if step.kind == ACCEPTED and review is not None:
        questions = asked_like_the_draft(questions, review)
    questions = questions if rows else eased(questions)
    if of_track:
        questions = tuple(_of_one_track(one, of_track) for one in questions)
    signing = Signing.of(person, proof, step, review, rulebook)
    sections = pages_of_rows(step.button, questions) if rows else sections_of(step.name, questions)
    return FormAtWork(
        step, review, events, rulebook, person, signing, questions, sections, rows, gone, of_track=of_track
    )


def _of_one_track(question: FormQuestion, track: str) -> FormQuestion:
    """The question for the track offers the one alone of which the form is."""
    if question.id != TRACK:
        return question
    return replace(question, options=tuple(one for one in question.options if one.value == track))


def step_named(name: str, review: Review | None) -> Step | None:
    """The step of this name, where it opens a review or is one of a review; None where there is none such."""
    step = STEPS.get(name)
    if step is None or (review is None) is bool(step.sources):
        return None
    if review is not None and review.track not in step.tracks:
        return None
    return step


def _plainly(before: str, wrong: Wrong) -> str:
    """What is wrong, in a sentence: of a question that asks for an answer and its reason, which of the two lacks."""
    for ending, said in NOT_SAID.items():
        if wrong.words.endswith(ending):
            asked = wrong.words.removesuffix(ending)
            return f"{before}{asked}{f' {said.capitalize()}' if asked.endswith('?') else f': {said}'}"
    return f"{before}{wrong.words}"


NOT_SAID = {": Answer: is needed": "choose an answer", ": Why: is needed": "say why"}
"""What lacks of a question with two boxes, by how the form's model says it."""


def _titled(question: FormQuestion, leaf: FormQuestion) -> str:
    return question.title if question is leaf else f"{question.title}: {leaf.title}"
