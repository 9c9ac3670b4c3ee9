"""
Whether the rules, the partnership's file and the calendar hold together. Each check names every offender.

The types have already said that each value is a value of its kind; here names must mean something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import PurePosixPath

from config.relied_on import OF_THE_PROGRAM
from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.dates.working_days import Calendar
from safeguarding.errors import Fault, HorizonPassed
from safeguarding.law.citation import Level
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.own_milestone import OWN
from safeguarding.law.partners import PARTNER_ROLES
from safeguarding.law.partnership import COVERS, Partnership
from safeguarding.law.person import Person
from safeguarding.law.roles import NAMED_BY_THE_LAW, ROLES
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import chosen
from safeguarding.law.serving import serves
from safeguarding.review.events import SYSTEM, UNKNOWN
from safeguarding.stages import STEPS

Placed = list[tuple[str, Rule]]
"""Rules, each with the name of the file it stands in."""

KEPT_IDS = {SYSTEM: "what time does by itself", UNKNOWN: "a refused step that nobody known has signed"}
"""Ids that no person may have, and what the record keeps them for."""


def faults_in(placed: Placed, partnership: Partnership | None, file: str, calendar: Calendar | None) -> list[Fault]:
    """Every fault between the files. What failed its own types is not looked at again."""
    own = {one.id: one.track for one in partnership.milestones} if partnership else None
    faults = [
        *_files(placed),
        *_twice(placed),
        *_milestones(placed, own),
        *_roles_of_rules(placed),
        *_met_nowhere(placed),
    ]
    if partnership is None:
        return faults
    faults += [Fault(file, key, problem) for key, problem in _partnership(partnership)]
    faults += _recipients(placed, partnership)
    if calendar is not None:
        faults += _bounds(placed, partnership, calendar, file)
    return faults


# --------------------------------------------------------------------------- the rules


def _key(rule: Rule, key: str) -> str:
    return f"local[{rule.id}].{key}" if rule.level is Level.LOCAL else key


def _files(placed: Placed) -> Iterator[Fault]:
    for file, rule in placed:
        path = PurePosixPath(file)
        if file == OF_THE_PROGRAM:
            continue
        if rule.level is Level.LOCAL and path.parent.parent.name == "rules":
            yield Fault(file, "level", "a local rule belongs to the partnership's file, under 'local'")
        if rule.level is Level.LOCAL:
            continue
        if path.parent.parent.name != "rules":
            yield Fault(file, f"local[{rule.id}].level", "a rule of the partnership's file has level 'local'")
            continue
        if path.stem != rule.name:
            yield Fault(file, "name", f"is '{rule.name}', but the file is called '{path.stem}'")
        if rule.track not in (path.parent.name, "both"):
            yield Fault(file, "track", f"is '{rule.track}', but the file stands under '{path.parent.name}'")


def _twice(placed: Placed) -> Iterator[Fault]:
    names = Counter(name for _, rule in placed for name in {rule.id, rule.name})
    for file, rule in placed:
        for key, name in (("id", rule.id), ("name", rule.name)):
            if names[name] > 1:
                yield Fault(file, _key(rule, key), f"'{name}' is given to more than one rule")


def _milestones(placed: Placed, own: Mapping[str, str] | None) -> Iterator[Fault]:
    """Names that mean nothing. Where the partnership could not be read, nothing is said of its own (`own`: None)."""
    for file, rule in placed:
        uses = [("starts", rule.starts), ("settled_by", rule.settled_by), ("counts_from", rule.counts_from)]
        uses += [("ends", name) for name in rule.ends] + [("starts_options", name) for name in rule.starts_options]
        for key, name in uses:
            if name is None or name in MILESTONES or (own is None and name.startswith(OWN)):
                continue
            if own is None or name not in own:
                yield Fault(file, _key(rule, key), _no_milestone(name, own or {}))
            elif rule.level is not Level.LOCAL:
                yield Fault(
                    file, key, f"'{name}' is a milestone of the partnership's own: no duty of the law hangs on it"
                )
            elif own[name] not in ("both", rule.track):
                yield Fault(
                    file,
                    _key(rule, key),
                    f"'{name}' is a milestone of {own[name]} only, and the step is of {rule.track}",
                )


def _no_milestone(name: str, own: Mapping[str, str]) -> str:
    near = get_close_matches(name, [*MILESTONES, *own], 3)
    meant = f": perhaps {' or '.join(near)}" if near else ""
    return f"'{name}' is not a milestone{meant}. One of your own stands under 'milestones' and begins with '{OWN}'"


def _roles_of_rules(placed: Placed) -> Iterator[Fault]:
    for file, rule in placed:
        if rule.owner not in ROLES:
            yield Fault(file, _key(rule, "owner"), f"'{rule.owner}' is not a role: {', '.join(ROLES)}")


def _met_nowhere(placed: Placed) -> Iterator[Fault]:
    """What has no clock is met at a step or a question, or is said to be told only: nobody is to wonder which."""
    for file, rule in placed:
        ours = PurePosixPath(file).parent.parent.name == "rules" and rule.level is not Level.LOCAL
        if ours and rule.track_only and not rule.met_here:
            problem = "is missing: it has no clock. At which step or question is it met, or is it only told?"
            yield Fault(file, "met_here", problem)


def _recipients(placed: Placed, partnership: Partnership) -> Iterator[Fault]:
    known = {*ROLES, *NAMED_BY_THE_LAW, *(recipient.id for recipient in partnership.recipients)}
    for file, rule in placed:
        for name in rule.recipients:
            if name not in known:
                problem = f"'{name}' is neither a role nor one of the partnership's 'recipients'"
                yield Fault(file, _key(rule, "recipients"), problem)


def _capped(
    rule: Rule, rules: Iterable[Rule], partnership: Partnership, calendar: Calendar, file: str
) -> Iterator[Fault]:
    """A length of the partnership's own for a duty does not go past the date of the law that follows from the same."""
    bound = serves(rule, rules)
    late = bound and _first_day_late(chosen(rule, partnership.choices), chosen(bound, partnership.choices), calendar)
    if bound and late:
        anchor, own, statutory = late
        words = f"falls after {bound.id}: counted from {anchor} it is due on {own}, and {bound.id} on {statutory}"
        yield Fault(file, f"lengths[{rule.id}].length", words)


def _bounds(placed: Placed, partnership: Partnership, calendar: Calendar, partnership_file: str) -> Iterator[Fault]:
    """A local step may not fall after the statutory day it serves, where both are counted from the same day."""
    by_id = {rule.id: rule for _, rule in placed}
    given = {one.rule for one in partnership.lengths}
    for file, rule in placed:
        if rule.id in given:
            yield from _capped(rule, by_id.values(), partnership, calendar, partnership_file)
        if rule.no_later_than is None:
            continue
        bound = by_id.get(rule.no_later_than)
        if bound is None or not bound.statutory:
            problem = f"'{rule.no_later_than}' is not the id of a statutory rule"
            yield Fault(file, _key(rule, "no_later_than"), problem)
            continue
        late = _first_day_late(chosen(rule, partnership.choices), chosen(bound, partnership.choices), calendar)
        if late is not None:
            anchor, local, statutory = late
            yield Fault(
                file,
                _key(rule, "counts"),
                f"falls after {bound.id}: counted from {anchor} it is due on {local}, and {bound.id} on {statutory}",
            )


def _first_day_late(rule: Rule, bound: Rule, calendar: Calendar) -> tuple[date, date, date] | None:
    if rule.anchor != bound.anchor or not (_is_counted(rule) and _is_counted(bound)) or _is_shorter(rule, bound):
        return None
    anchor = max(rule.editions[-1].from_day, bound.editions[0].from_day, calendar.first)
    # Two years hold every kind of month, Easter and Christmas that matters to a comparison of two lengths.
    for _ in range(731):
        try:
            local, statutory = rule.due_on(anchor, calendar), bound.due_on(anchor, calendar)
        except HorizonPassed:
            return None  # Beyond the bank holidays nothing is counted, and nothing can be compared.
        if local > statutory:
            return anchor, local, statutory
        anchor += timedelta(days=1)
    return None


def _is_shorter(rule: Rule, bound: Rule) -> bool:
    """Whether both count alike, and the one never more than the other: then no day need be tried."""
    alike = {rule.counts.model_copy(update=NO_LENGTH), bound.counts.model_copy(update=NO_LENGTH)}
    longest = max(rule.counts_in(edition).length for edition in rule.editions)
    return len(alike) == 1 and longest <= min(bound.counts_in(edition).length for edition in bound.editions)


NO_LENGTH = {"length": 0, "earliest": None, "warn": (), "kind": Kind.MAXIMUM}
"""Of a count everything else on which the day depends that it gives, if it is no minimum."""


def _is_counted(rule: Rule) -> bool:
    forward = rule.counts.direction is Direction.FORWARD and rule.counts.kind is not Kind.MINIMUM
    return forward and rule.counts.unit not in (Unit.NONE, Unit.AGREED_DATE)


# --------------------------------------------------------------------------- the partnership's file


def _hours(it: Partnership) -> Iterator[tuple[str, str]]:
    if it.is_quiet(it.working_morning):
        quiet = f"from {it.quiet_hours.start:%H:%M} to {it.quiet_hours.end:%H:%M}"
        yield (
            "working_morning",
            f"lies in the quiet hours ({quiet}): letters would never leave. Are those two exchanged?",
        )


def _partnership(it: Partnership) -> Iterator[tuple[str, str]]:
    yield from _ids_twice("people", [person.id for person in it.people])
    yield from _ids_twice("agencies", [agency.id for agency in it.agencies])
    yield from _ids_twice("ladder", [rung.id for rung in it.ladder])
    yield from _ids_twice("recipients", [recipient.id for recipient in it.recipients])
    agencies = frozenset(agency.id for agency in it.agencies)
    yield from _ids_twice("milestones", [one.id for one in it.milestones])
    yield from _ids_twice("themes", [one.id for one in it.themes])
    yield from _ids_twice("guidance", [one.id for one in it.guidance])
    yield from _documents(it)
    yield from _ids_twice("retention", [kept.id for kept in it.retention])
    for person in it.people:
        yield from ((f"people[{person.id}].{key}", problem) for key, problem in _person(person, it, agencies))
    yield from _agencies(it)
    yield from _hours(it)
    yield from _every_role_is_held(it)
    yield from _questions(it)
    yield from _proof(it)
    for rung in it.ladder:
        for role in rung.to:
            if role != "owner" and role not in ROLES:
                yield f"ladder[{rung.id}].to", f"'{role}' is neither 'owner' nor a role: {', '.join(ROLES)}"
    for role, times in Counter(channel.role for channel in it.channels).items():
        if times > 1:
            yield f"channels[{role}].role", f"is given {times} times: only the first would hear. A role has one mailbox"
    for channel in it.channels:
        if channel.role not in ROLES:
            yield f"channels[{channel.role}].role", f"'{channel.role}' is not a role: {', '.join(ROLES)}"
        if channel.email is None and channel.teams is None:
            yield f"channels[{channel.role}]", "has neither 'email' nor 'teams'"


def _documents(it: Partnership) -> Iterator[tuple[str, str]]:
    """The partnership's own documents: each named once, and of a track that it does reviews of."""
    for title, times in Counter(one.title for one in it.documents).items():
        if times > 1:
            yield f"documents[{title}].title", f"is named {times} times: name it once, with all of its stages"
    for one in it.documents:
        if one.track != "both" and one.track not in it.tracks:
            yield f"documents[{one.title}].track", f"'{one.track}' is a track of which this partnership does no reviews"


BY_A_COMMAND = {"note_earlier_text", "recompute_dates", "add_action_plan"}
"""Steps that a command takes as well, which asks nobody a question besides."""


def _questions(it: Partnership) -> Iterator[tuple[str, str]]:
    """The questions asked besides: on a step that there is, of a track that it has, and answerable wherever needed."""
    yield from _ids_twice("questions", [question.id for question in it.questions])
    for question in it.questions:
        where, step = f"questions[{question.id}]", STEPS.get(question.step)
        if step is None:
            yield f"{where}.step", _no_step(question.step)
            continue
        tracks = {track.value for track in step.tracks}
        if question.track != "both" and question.track not in tracks:
            yield f"{where}.track", f"'{question.step}' is no step of a review of {question.track}"
        if question.required and question.step in BY_A_COMMAND:
            yield f"{where}.required", f"'{question.step}' is taken by a command too, which could not answer it"


def _proof(it: Partnership) -> Iterator[tuple[str, str]]:
    """The steps of which it is to be proved who signs: there are such steps, each is named once."""
    for step, times in Counter(one.step for one in it.proof).items():
        if times > 1:
            yield f"proof[{step}].step", f"is given {times} times"
        if step not in STEPS:
            yield f"proof[{step}].step", _no_step(step)


def _no_step(name: str) -> str:
    near = get_close_matches(name, STEPS, 3)
    meant = f": perhaps {' or '.join(near)}" if near else ""
    return f"'{name}' is not a step{meant}; `safeguarding next REVIEW` lists them"


def _ids_twice(key: str, ids: list[str]) -> Iterator[tuple[str, str]]:
    for name, times in Counter(ids).items():
        if times > 1:
            yield f"{key}[{name}].id", f"is given {times} times"


def _person(person: Person, it: Partnership, agencies: frozenset[str]) -> Iterator[tuple[str, str]]:
    if person.id in KEPT_IDS:
        yield "id", f"'{person.id}' is kept for {KEPT_IDS[person.id]}"
    for role in person.roles:
        if role not in ROLES:
            yield "roles", f"'{role}' is not a role: {', '.join(ROLES)}"
    partners = [partner.id for partner in it.partners]
    if set(person.roles) & set(PARTNER_ROLES) and person.partner is None:
        yield "partner", f"is missing: which of {', '.join(partners)} do they speak for?"
    if person.partner is not None and person.partner not in partners:
        yield "partner", _no_such_partner(person.partner, partners)
    if set(person.roles) & {"agency_lead", "agency_director"} and not (person.agency or person.agencies):
        yield "agency", "is missing: of which agency are they the lead or the director?"
    if person.agency is not None and person.agency not in agencies:
        yield "agency", f"'{person.agency}' is not one of the partnership's agencies"
    for agency in person.agencies:
        if agency not in agencies:
            yield "agencies", f"'{agency}' is not one of the partnership's agencies"
    for away in person.away:
        if away.cover is not None and (it.known(away.cover) is None or away.cover == person.id):
            yield "away.cover", f"'{away.cover}' is not another of the partnership's people"
    if person.wants in ("email", "both") and person.email is None:
        yield "email", f"is missing, and 'wants' is '{person.wants}'"
    if person.wants in ("teams", "both") and person.teams is None:
        yield "teams", f"is missing (the name of a secret), and 'wants' is '{person.wants}'"
    if "deputy_partner" in person.roles:
        yield from _deputy(person, it)
    elif person.deputy_for is not None and it.known(person.deputy_for) is None:
        yield "deputy_for", f"'{person.deputy_for}' is not one of the partnership's people"
    if person.deputy_for == person.id:
        yield "deputy_for", "is the person themselves"


def _deputy(person: Person, it: Partnership) -> Iterator[tuple[str, str]]:
    if not person.authority:
        yield "authority", "is missing: how was the deputy's authority recorded?"
    principal = it.known(person.deputy_for) if person.deputy_for is not None else None
    if principal is None:
        yield "deputy_for", f"'{person.deputy_for}' is not one of the partnership's people"
    elif principal.partner != person.partner:
        yield "deputy_for", f"{principal.name} speaks for {principal.partner}, and the deputy for {person.partner}"


def _no_such_partner(said: str, partners: Sequence[str]) -> str:
    return f"choose one of: {', '.join(partners)} (it says: {said}); a further one is named under 'partners'"


def _agencies(it: Partnership) -> Iterator[tuple[str, str]]:
    people = {person.id: person for person in it.people}
    ids = {agency.id for agency in it.agencies}
    partners = [partner.id for partner in it.partners]
    for agency in it.agencies:
        if agency.partner is not None and agency.partner not in partners:
            yield f"agencies[{agency.id}].partner", _no_such_partner(agency.partner, partners)
        for other in agency.into:
            if other not in ids or other == agency.id:
                yield f"agencies[{agency.id}].into", f"'{other}' is not another of the partnership's agencies"
        if agency.into and agency.until is None:
            yield f"agencies[{agency.id}].until", "is missing: the last day before others take over ('into')"
        for key, name in (("lead", agency.lead), ("director", agency.director)):
            if name is not None and name not in people:  # A vacant post is named by `warnings`.
                yield f"agencies[{agency.id}].{key}", f"'{name}' is not one of the partnership's people"


def _every_role_is_held(it: Partnership) -> Iterator[tuple[str, str]]:
    if not any(role in person.roles for person in it.people for role in COVERS):
        yield "people", f"nobody holds one of the roles {' and '.join(COVERS)}: nobody would hear of a vacant post"
