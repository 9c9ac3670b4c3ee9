"""
The lists from which a form takes its choices: people and agencies of the partnership, what a review owes or has had.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from safeguarding.as_typed import one_line
from safeguarding.dates.working_days import say
from safeguarding.law.own_milestone import OWN
from safeguarding.law.partners import PARTNER_ROLES
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.themes import THEMES, theme_words
from safeguarding.review.impact import looks_of, to_look_at
from safeguarding.review.learnt import SUMMARY, Wording
from safeguarding.review.review import Review
from safeguarding.review.shared_learning import answer_key
from safeguarding.review.words import agency_name

Chooser = Callable[[Review | None, Rulebook], list[tuple[str, str]]]

SPEAKS_FOR = "speaks for "
"""How the name of a list begins that is of the people of one partner; its id follows."""


def _speakers(partner: str) -> Chooser:
    def choose(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
        """Everybody who may speak for this partner: its lead, its delegates and their deputies."""
        return [
            (person.id, person.name)
            for person in rulebook.partnership.people
            if person.partner == partner and set(person.roles) & set(PARTNER_ROLES)
        ]

    return choose


def _agencies(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """The agencies there are, and those of the review that have ended, moved on or left the file since."""
    reference = None if review is None else review.reference
    there = [(one.id, one.name) for one in rulebook.partnership.agencies if one.takes_part(reference)]
    known = {key for key, _ in there}
    taking_part = () if review is None else (*(r.agency for r in review.requests), *(a.agency for a in review.actions))
    gone = [agency for agency in dict.fromkeys(taking_part) if agency not in known]
    return [*there, *((agency, agency_then(agency, review, rulebook)) for agency in gone)]


def agency_then(agency: str, review: Review | None, rulebook: Rulebook) -> str:
    """The name of an agency that is or was: by the file, or as the review's lines have it."""
    if rulebook.partnership.agency_named(agency) is not None:
        return agency_name(agency, rulebook.partnership)
    return review.names.get(agency, agency) if review is not None else agency


def _people(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    partnership, reference = rulebook.partnership, None if review is None else review.reference
    return [(one.id, one.name) for one in partnership.people if partnership.takes_part(one, reference)]


def _reviewers(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    return [(person.id, person.name) for person in rulebook.partnership.holders("lead_reviewer")]


def _owners(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Whoever owns an action of the review, also who has left; before a review is known, everybody there ever was."""
    partnership = rulebook.partnership.whole
    if review is None:
        return [(person.id, person.name) for person in partnership.people]
    owners = dict.fromkeys(action.owner for action in review.actions)
    named = {one: known.name if (known := partnership.ever(one)) else review.names.get(one, one) for one in owners}
    return list(named.items())


def _roles(rulebook: Rulebook) -> list[tuple[str, str]]:
    """The roles that somebody of the partnership's file holds."""
    held = {role for person in rulebook.partnership.people for role in person.roles}
    return [(role, words) for role, words in ROLES.items() if role in held]


def _actions(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    if review is None:
        return []
    partnership = rulebook.partnership
    return [(a.id, f"{agency_name(a.agency, partnership)}, due {say(a.due_on)}") for a in review.actions]


def _actions_done(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """The actions whose impact can be looked at: first those whose look is due soonest, then the others."""
    if review is None:
        return []
    partnership, found = rulebook.partnership, []
    for action in to_look_at(review.actions):
        looks = looks_of(review, action.id, rulebook)
        due = f"look due {say(looks[0].due_on)}" if looks else "no look is due"
        day = looks[0].due_on if looks else date.max
        found.append((day, action.id, f"{agency_name(action.agency, partnership)}, {due}"))
    return [(key, words) for _, key, words in sorted(found)]


def _themes(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """The themes of the list that everybody has, then the partnership's own."""
    return [*THEMES.items(), *((one.id, one.words) for one in rulebook.partnership.themes)]


def _about(themes: Iterable[str], rulebook: Rulebook) -> str:
    return ", ".join(theme_words(one, rulebook.partnership.themes) for one in themes)


def _lessons(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    return [] if review is None else [(one.id, _about(one.themes, rulebook)) for one in review.lessons]


def _findings(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    return [] if review is None else [(one.id, _about(one.themes, rulebook)) for one in review.findings]


def _recommendations(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Each recommendation by whom it is made to and what it is about."""
    if review is None:
        return []
    to = {one.agency: f"{agency_then(one.agency, review, rulebook)}: " for one in review.recommendations if one.agency}
    return [(one.id, to.get(one.agency, "") + _about(one.themes, rulebook)) for one in review.recommendations]


def _items_to_share(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """What a wording may be of: the review as a whole, each lesson, finding, recommendation and action."""
    whole = (SUMMARY, "The review as a whole: its summary")
    if review is None:
        return [whole]
    learnt = [*_lessons(review, rulebook), *_findings(review, rulebook), *_recommendations(review, rulebook)]
    return [whole, *learnt, *_actions(review, rulebook)]


def _wordings(stands: Callable[[Wording], bool]) -> Chooser:
    def choose(review: Review | None, _: Rulebook) -> list[tuple[str, str]]:
        """The wordings of a review that stand in this way, each by its item."""
        found = [] if review is None else [one for one in review.wordings if stands(one)]
        return [(one.id, f"of {'the review' if one.item == SUMMARY else one.item}, {one.stands}") for one in found]

    return choose


def _answers_to_sharing(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Each agency that something was sent to and that may still say more: first those that have said nothing."""
    if review is None:
        return []
    found = []
    for one in review.shared:
        for agency in one.agencies:
            answer = one.answer_of(agency)
            stands = answer.outcome if answer else f"to be read by {say(one.answer_by)}"
            name = f"{one.id} {one.what}: {agency_then(agency, review, rulebook)}, {stands}"
            if answer is None or answer.outcome != "discussed in team":
                found.append((answer is not None, answer_key(one.id, agency), name))
    return [(key, name) for _, key, name in sorted(found, key=lambda one: one[0])]


def _rules(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    if review is None:
        return []
    return [(rule, rulebook.rule(rule).title) for rule in sorted({duty.rule for duty in review.running()})]


def _local_dates(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """
    What may be suspended or resumed: of a review, every clock that has not ended, so that one of the law is refused
    with its reason; before a review is known, every rule that may be.
    """
    if review is None:
        return [(rule.id, rule.title) for rule in rulebook.rules_here if not (rule.track_only or rule.statutory)]
    return [(rule, rulebook.rule(rule).title) for rule in sorted({duty.rule for duty in review.live()})]


def _own_dates(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """What may be extended: as `_local_dates`, and duties of the law whose very day was chosen here, unless at once."""
    if review is None:
        never = [
            rule for rule in rulebook.rules_here if rule.track_only or rule.date_is_law or rule.is_nobodys_to_extend
        ]
        return [(rule.id, rule.title) for rule in rulebook.rules_here if rule not in never]
    return _local_dates(review, rulebook)


def _editions(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Every edition that applies to some rule: its instrument and from which day; what is held back is not offered."""
    applied = {e.name: e for rule in rulebook.rules for e in reversed(rule.editions) if e.in_force}
    words = {name: f"{one.duty.instrument}, from {say(one.from_day)}" for name, one in applied.items()}
    often = Counter(words.values())  # Several of one instrument and day are told apart by what they are called.
    return [(name, f"{said} ({name})" if often[said] > 1 else said) for name, said in words.items()]


def _marks_made(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    if review is None:
        return []
    names = sorted({mark.name for mark in review.marks})
    own = {name: rulebook.milestone_words(name) for name in names if name.startswith(OWN)}
    return [(name, own.get(name) or name.replace("_", " ")) for name in names]


def _waiting(*milestones: str) -> Chooser:
    def choose(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
        """What waits for an answer, by its number: the clocks that one of these milestones settles."""
        if review is None:
            return []
        rules = {rule.id for name in milestones for rule in rulebook.settled_by(name, review.track)}
        open_ones = {duty.subject: duty.due_on for duty in review.live() if duty.rule in rules}
        return [(number, f"due {say(due_on)}") for number, due_on in sorted(open_ones.items())]

    return choose


EVERYTHING_ELSE = "everything_else"
"""What stands for all that is still owed and not named by itself, where a review closes."""


def _still_owed(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """What a closing would cut off, each with its day; and one answer for everything that is not named."""
    everything = (EVERYTHING_ELSE, "Everything else that is still owed")
    if review is None:
        return [*((rule.id, rule.title) for rule in rulebook.rules_here if not rule.track_only), everything]
    days = {duty.rule: duty.due_on for duty in reversed(review.running())}
    cut_off = {rule: day for rule, day in sorted(days.items()) if not rulebook.rule(rule).outlives_closing}
    named = [(rule, f"{rulebook.rule(rule).title}, due {say(day)}") for rule, day in cut_off.items()]
    return [*named, everything]


def _last_steps(review: Review | None, _: Rulebook) -> list[tuple[str, str]]:
    """The steps that may be taken back, the last first, by the number of their line."""
    if review is None:
        return []
    titles = {line.sequence: line.title for line in review.history}
    return [(str(one.line), titles[one.line]) for one in reversed(review.before)]


def _duties_so_far(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Every duty that the review has had, met or not."""
    rules = sorted({duty.rule for duty in review.duties}) if review is not None else []
    return [(rule, rulebook.rule(rule).title) for rule in rules]


def _own_milestones(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """The milestones of the partnership's own, of the review's track."""
    known = rulebook.partnership.milestones
    return [(one.id, one.words) for one in known if review is None or one.is_of(review.track.value)]


CHOICES: dict[str, Chooser] = {
    "own milestones": _own_milestones,
    "agencies": _agencies,
    "people": _people,
    "reviewers": _reviewers,
    "owners": _owners,
    "roles": lambda _, rulebook: _roles(rulebook),
    "actions": _actions,
    "actions done": _actions_done,
    "themes": _themes,
    "lessons": _lessons,
    "findings": _findings,
    "recommendations": _recommendations,
    "items to share": _items_to_share,
    "wordings to approve": _wordings(lambda one: not one.approved_by and not one.withdrawn),
    "wordings that stand": _wordings(lambda one: not one.withdrawn),
    "answers to what was shared": _answers_to_sharing,
    "running duties": _rules,
    "marks": _marks_made,
    "local dates": _local_dates,
    "own dates": _own_dates,
    "editions": _editions,
    "information requests": _waiting("information_supplied", "panel_information_supplied"),
    "coroner's reports": _waiting("coroner_answered"),
    "duties so far": _duties_so_far,
    "still owed": _still_owed,
    "last steps": _last_steps,
}


NOTHING_THERE = {
    "own milestones": "your partnership's file names no milestone of its own",
    "reviewers": "nobody in your partnership's file is a lead reviewer: add them there first",
    "owners": "nobody owns an action of this review: first 'Add an action'",
    "actions": "this review has no action: first 'Add an action'",
    "actions done": "no action of this review was verified, so no impact of one can be seen: first 'Update an action'",
    "lessons": "this review has no lesson: first 'Record a lesson'",
    "findings": "this review has no finding: first 'Record a finding'",
    "recommendations": "this review has no recommendation: first 'Record a recommendation'",
    "wordings to approve": "no wording waits to be approved: first somebody else presses 'Write a wording to share'",
    "wordings that stand": "this review has no wording that stands: first 'Write a wording to share'",
    "answers to what was shared": "nothing was sent to which an answer is waited for: first 'Share what was learnt'",
    "running duties": "nothing is owed on this review",
    "local dates": "no date of the partnership's own runs on this review",
    "own dates": "no date of the partnership's own runs on this review",
    "editions": "no later edition governs a date of this review",
    "information requests": "no request for information waits for an answer: first 'Record a request for information'",
    "coroner's reports": "no coroner's report waits for a reply: first 'Record a coroner's report'",
    "duties so far": "nothing was ever owed on this review",
    "last steps": "no step of this review can be taken back",
    "marks": "no day of this review can be put right",
}
"""Of each list that may be empty: what is missing, and what is done first."""


def nothing_there(source: str) -> str:
    """Why there is nothing to choose from in a list, and what to do first, in words."""
    return NOTHING_THERE.get(source, "your partnership's file names nobody or nothing for it")


def choices(source: str, review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """The choices of a list, each a key and its name. The rulebook is that of the day and of the review's track."""
    if source.startswith(SPEAKS_FOR):
        return _speakers(source.removeprefix(SPEAKS_FOR))(review, rulebook)
    return CHOICES[source](review, rulebook)


def label(key: str, name: str) -> str:
    """How a choice reads on a form: the name, then the key that the record keeps."""
    return f"{name} ({key})"


_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")


def key_of(chosen: str) -> str:
    """The key of a choice, whether it was given as the label shown or as the key itself."""
    try:
        chosen = one_line(chosen)
    except ValueError:  # No key has such a sign in it: it is refused as none of those on offer.
        return chosen
    found = _IN_BRACKETS.search(chosen)
    return found.group(1) if found else chosen
