"""Walks of the registries: every step declared whole, every form able to keep its promises."""

from datetime import date

from flows.demo.answers import ANSWERS, SIGNERS
from safeguarding.as_typed import leaves as leaves_of
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.roles import ROLES
from safeguarding.review.choices import CHOICES, EVERYTHING_ELSE
from safeguarding.review.conditions import JOINT_DECISION
from safeguarding.review.forms import Form, From, _marks, is_sealed, nested_form
from safeguarding.review.states import CLOSED_STATES, STAGE_OF, State, Track
from safeguarding.stages import STEPS
from safeguarding.stages.notification import the_local_authority_decides

BACK = ("reopen", "take_back_step")
"""The steps that lead back to where the review was."""


def all_forms() -> set[type[Form]]:
    """Every form of every step, and every form inside one."""
    found: set[type[Form]] = set()
    waiting = [step.form for step in STEPS.values()]
    while waiting:
        form = waiting.pop()
        if form not in found:
            found.add(form)
            waiting += [inner for info in form.model_fields.values() if (inner := nested_form(info))]
    return found


def test_every_role_named_is_a_role() -> None:
    """A misspelt role would be a step that nobody may take, or news that nobody hears."""
    wrong = [f"{step.name}: {role}" for step in STEPS.values() for role in {*step.by, *step.tells} if role not in ROLES]
    assert [] == wrong


def test_every_step_has_somebody_who_may_take_it(rulebook) -> None:
    """A step no role is named for is refused to everyone; none is declared so by accident."""
    held = {role for person in rulebook.partnership.people for role in person.roles}
    assert [] == [step.name for step in STEPS.values() if not step.by & held]


def test_every_mark_that_a_rule_waits_for_is_made_by_some_step(rulebook) -> None:
    """A duty whose anchor or settling event no step can make would never start, or never end."""
    made = {mark for step in STEPS.values() for mark in step.marks}
    wrong = [
        f"{rule.id}: {mark}"
        for rule in rulebook.rules
        if not rule.track_only
        for mark in (rule.starts, rule.settled_by)
        if mark not in made
    ]
    assert [] == wrong


def test_every_milestone_of_the_rulebook_is_a_mark_somewhere() -> None:
    """The list of names and the steps speak of the same things."""
    made = {mark for step in STEPS.values() for mark in step.marks}
    yearly = {"year_ended", "annual_report_published", "action_updated"}
    assert set() == set(MILESTONES) - made - yearly


def test_every_state_is_entered_and_left() -> None:
    """No state is only in a list: some step leads to it, and from an open one some step leads on."""
    entered = {state for step in STEPS.values() if step.name not in BACK for state in step.leads_to}
    left = {state for step in STEPS.values() if step.leads_to for state in step.sources}
    assert set(State) == entered | {State.REFERRED}
    assert set(STAGE_OF) <= left
    assert CLOSED_STATES <= left


def test_every_question_has_a_title() -> None:
    """Nobody reads a field name on a form."""
    wrong = [
        f"{form.__name__}.{name}" for form in all_forms() for name, info in form.model_fields.items() if not info.title
    ]
    assert [] == wrong


def test_free_text_is_sealed_or_is_not_free() -> None:
    """Text on a form is a choice from a list, a reference in which no sentence fits, or sealed."""
    wrong = []
    for form in all_forms():
        for name, info in form.model_fields.items():
            leaves = list(leaves_of(info.annotation))
            free = str in leaves and not any(isinstance(mark, From) for mark in _marks(info))
            reference = any(getattr(mark, "pattern", None) for mark in _marks(info))
            if free and not reference and not is_sealed(form, name):
                wrong.append(f"{form.__name__}.{name}")
    assert [] == wrong


def test_every_step_has_an_example_answer(rulebook) -> None:
    """The demo and the tests can take every step."""
    assert set(STEPS) == set(ANSWERS)
    assert all(answer(None, date(2026, 11, 23)) for answer in ANSWERS.values())
    assert all(rulebook.partnership.person(person) for person in SIGNERS)


def test_every_tell_tale_condition_is_named_as_a_sentence() -> None:
    """A condition is a function with words of its own, never a lambda."""
    needs = {need for step in STEPS.values() for need in step.needs}
    assert [] == [need for need in needs if need.__name__ == "<lambda>" or not (need.__doc__ or need.__qualname__)]


def test_what_ends_a_joint_duty_is_decided_jointly(rulebook) -> None:
    """The partners begin a review together: no step ends its six months, or stops it, on the signature of one."""
    ends = {mark for rule in ("C12", "C12b") for mark in rulebook.rule(rule).ends} | {"discontinued"}
    running = [step for step in STEPS.values() if step.sources]  # What opens a review finds no clock of it to end.
    stopping = [step for step in running if Track.CHILDREN in step.tracks and step.marks & ends]
    assert {"discontinue_review", "publish_nothing", "decide_review"} <= {step.name for step in stopping}
    assert [] == [step.name for step in stopping if not set(JOINT_DECISION) <= set(step.needs)]


def test_what_ends_a_notification_the_local_authority_signs(rulebook) -> None:
    """The duty to notify is the local authority's (s.16C): whatever ends it unmet needs somebody who speaks for it."""
    ends = set(rulebook.rule("C01").ends)
    ending = [step for step in STEPS.values() if step.marks & ends]
    assert {"decide_notification", "withdraw_notification"} == {step.name for step in ending}
    assert [] == [step.name for step in ending if the_local_authority_decides not in step.needs]
    asking = {step.name for step in STEPS.values() if the_local_authority_decides in step.needs}
    assert asking == {step.name for step in STEPS.values() if step.by_the_council}, "it is offered to nobody else"


def test_a_card_offers_the_way_on_before_the_ways_out() -> None:
    """Every open state offers at least one step on its card that is not a way out."""
    for state in STAGE_OF:
        ahead = [s.name for s in STEPS.values() if s.on_card and state in s.sources and not s.way_out]
        assert ahead, state


def test_every_step_that_closes_asks_what_is_still_owed(rulebook) -> None:
    """
    Whichever way a review ends that is here, for one that is carried in closed ended before; and the form that is drawn
    before a review is known has the answer for all else.
    """
    closing = [step for step in STEPS.values() if step.sources and step.leads_to & CLOSED_STATES]
    assert len(closing) > 8
    assert [] == [step.name for step in closing if "still_owed" not in step.form.model_fields]
    assert EVERYTHING_ELSE in dict(CHOICES["still owed"](None, rulebook))
