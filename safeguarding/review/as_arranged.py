"""
A step as this partnership takes it: which partners its form asks for, who signs it, what the ledger calls it.

Steps are declared for the usual partnership, whose three partners decide together. Where the file says otherwise (two
councils, education beside them, an independent chair who decides about adults) form, signer and words follow it here,
so that every door shows and judges the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from safeguarding.law.partners import DECIDING_ROLE, PARTNER_ROLES, TRACKS, Arrangement, Partner
from safeguarding.law.partnership import Partnership
from safeguarding.law.period import TrackName
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import SPEAKS_FOR
from safeguarding.review.forms import EachPartner, Form, From, Position, PositionIfThere
from safeguarding.review.review import Review
from safeguarding.review.step import DECIDERS, Step

POSITIONS = "positions"
"""The question of a form that makes its step a joint decision."""
TRACK = "track"
"""The question of a form that opens a review."""
DECIDED_BY = "decided_by"
"""The fact of a line that says who decided, where it was not the partners together: the role."""
_TITLES = {"independent_chair": "Independent chair decided", "group": "Review group decided"}
_WHO = {"independent_chair": "the independent chair", "group": "the safeguarding adults review group"}


def track_taken(step: Step, review: Review | None) -> TrackName | None:
    """The track on which a step is taken: that of the review, or the only one that the step has."""
    if review is not None:
        return review.track.value
    return next(iter(step.tracks)).value if len(step.tracks) == 1 else None


def as_arranged(step: Step, track: TrackName | None, partnership: Partnership, *, signed: bool = False) -> Step:
    """
    The step as it is taken on a track in this partnership; the same step where the three partners decide it. `signed`
    is a decision by positions that each signed themselves: nobody need have spoken for one who did not answer.
    """
    if len(partnership.tracks) < len(TRACKS) and TRACK in step.form.model_fields:
        return _once(step, partnership.tracks, lambda: _of_tracks(step, partnership.tracks))
    if not DECIDERS <= step.by:
        return step
    if track is None:  # A short form of both tracks: the step itself judges who may sign on the track of the review.
        deciders = {partnership.arrangement(each).decider for each in partnership.tracks}
        besides = frozenset(DECIDING_ROLE[decider] for decider in deciders if decider in DECIDING_ROLE) - step.by
        return replace(step, by=step.by | besides) if besides else step
    arrangement = partnership.arrangement(track)
    return step if arrangement.usual and not signed else _once(step, arrangement, lambda: _arranged(step, arrangement))


def deciding_roles(review: Review, rulebook: Rulebook) -> frozenset[str]:
    """The roles of those who decide on a review's track: those who speak for the partners, and whoever decides."""
    decider = rulebook.partnership.arrangement(review.track.value).decider
    return DECIDERS | ({DECIDING_ROLE[decider]} if decider in DECIDING_ROLE else set())


def joint(step: Step) -> bool:
    """Whether a step is a decision that the partners take together, or advise on."""
    return POSITIONS in step.form.model_fields


def signers(step: Step, review: Review | None, rulebook: Rulebook) -> tuple[Person, ...]:
    """Who may take a step of a review, in the order of the file. The rulebook is that of its track."""
    partnership, reference = rulebook.partnership, None if review is None else review.reference
    there = (person for person in partnership.people if partnership.takes_part(person, reference))
    anybody = step.by_owners and review is None  # Before a review is known anybody may own an action of it.
    return tuple(person for person in there if anybody or may_sign(person, step, partnership, review))


def may_sign(person: Person, step: Step, partnership: Partnership, review: Review | None = None) -> bool:
    """
    Whether somebody holds a role that takes the step, or owns an action where its owners take it; no joint decision is
    signed for one without a vote, and what is the local authority's own by nobody but who speaks for it.
    """
    held = step.by & set(person.roles)
    if owns_one(person.id, step, review):
        return True
    if step.by_the_council and not is_of_the_council(person, partnership):
        return False
    if not joint(step) or held - set(PARTNER_ROLES):
        return bool(held)
    votes = {partner.id for partner in partnership.partners if partner.votes}
    return bool(held) and person.partner in votes


def owns_one(person: str, step: Step, review: Review | None) -> bool:
    """Whether somebody owns an action of the review, where its owners take the step."""
    return step.by_owners and review is not None and any(action.owner == person for action in review.actions)


def is_of_the_council(person: Person, partnership: Partnership) -> bool:
    """Whether somebody signs for a local authority: they speak for it as a partner, or direct its services."""
    return partnership.speaks_for_a_council(person) or "local_authority_dcs" in person.roles


def _once(step: Step, by: Arrangement | tuple[TrackName, ...], make: Callable[[], Step]) -> Step:
    """The step as it is made for an arrangement, made once: its form is a class, and stays the same class."""
    known = _MADE.get((step.name, by))
    if known is None or known[0] is not step:
        if len(_MADE) >= MOST_MADE:
            _MADE.clear()
        known = _MADE[step.name, by] = (step, make())
    return known[1]


MOST_MADE = 512
_MADE: dict[tuple[str, Arrangement | tuple[TrackName, ...]], tuple[Step, Step]] = {}


def _of_tracks(step: Step, tracks: tuple[TrackName, ...]) -> Step:
    """A step that asks for the track, where the partnership does not run reviews of both."""
    asked = step.form.model_fields[TRACK]
    only = Literal[tracks]  # type: ignore[valid-type]
    narrowed: Any = (
        only,
        Field(title=asked.title, description=f"This partnership reviews {' and '.join(tracks)} only."),
    )
    return replace(step, form=_other(step.form, {TRACK: narrowed}))


def _other(form: type[Form], fields: dict[str, Any]) -> type[Form]:
    """The form with other questions in the place of some of its own."""
    made: type[Form] = create_model(form.__name__, __base__=form, __doc__=form.__doc__, **fields)
    return made


def _arranged(step: Step, arrangement: Arrangement) -> Step:
    deciding = DECIDING_ROLE.get(arrangement.decider)
    if not joint(step):
        return replace(step, by=step.by | {deciding}) if deciding else step
    form = _with_partners(step.form, arrangement)
    if deciding is None:
        return replace(step, form=form)
    title = _TITLES[arrangement.decider] if step.title == "Partners decided" else step.title
    tells = tuple(dict.fromkeys((*step.tells, deciding)))
    return replace(step, form=form, by=frozenset({deciding}), title=title, tells=tells)


def _with_partners(form: type[Form], arrangement: Arrangement) -> type[Form]:
    """The form with a question for each partner of the track."""
    fields: dict[str, Any] = {one.id: _asked(one, arrangement) for one in arrangement.partners}
    asked = create_model("Positions", __base__=EachPartner, __doc__=EachPartner.__doc__, **fields)
    if arrangement.decider == "partners":
        title, words = "The partners", None
    else:
        title = "The partners' advice"
        words = f"Recorded, not counted: {_WHO[arrangement.decider]} decides."
    positions: Any = (asked, Field(title=title, description=words))
    return _other(form, {POSITIONS: positions})


def _asked(partner: Partner, arrangement: Arrangement) -> tuple[Any, Any]:
    decides = arrangement.decider == "partners"
    needed = decides and partner.id in arrangement.present
    kind: Any = Annotated[Position if needed else PositionIfThere, From(f"{SPEAKS_FOR}{partner.id}")]
    beside = decides and not partner.votes
    return kind, Field(title=partner.name, description="Without a vote: recorded, not counted." if beside else None)
