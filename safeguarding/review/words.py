"""
Agencies, actions and what a duty is about, as a person reads them and not as the file's ids.
"""

from __future__ import annotations

from safeguarding.law.partnership import Partnership
from safeguarding.law.rule import Rule
from safeguarding.review.states import Track


def subject_words(subject: str, partnership: Partnership) -> str:
    """Whom or what a duty is about: an agency by its name, an action by its number, a date that was suspended."""
    date_suspended, _, whose = subject.partition(":")
    if whose:
        return f"{date_suspended.replace('_', ' ')}, {agency_name(whose, partnership)}"
    name = agency_name(subject, partnership)
    return name.replace("_", " ") if name == subject else name


def rule_words(rule: Rule, subject: str, partnership: Partnership) -> str:
    """A duty by its title, with the id where the law has one, and whom or what it is about."""
    of = subject_words(subject, partnership) if subject else ""
    beside = ", ".join(part for part in (rule.said_id, of) if part)
    return f"{rule.title} ({beside})" if beside else rule.title


def agency_name(agency: str, partnership: Partnership) -> str:
    """An agency's name, with its id where two are called the same; of one that is gone, whose work it is, or its id."""
    return partnership.whole.agency_names.get(agency) or agency_now(agency, partnership)


def agency_now(agency: str, partnership: Partnership) -> str:
    """The name of whoever does the work of an agency that the file no longer has, or its id where nobody does."""
    return " and ".join(one.name for one in partnership.taken_over_by(agency)) or agency


def own_life(track: Track) -> str:
    """What a review is about, in the words of its track: the child's daily life, or what the adult wanted."""
    return "the child's daily life" if track is Track.CHILDREN else "what the adult wanted"


def tells_of_own_life(said: str, track: Track) -> str:
    """What an agency's return says of it, in words; empty where that was not said or not asked."""
    whose = own_life(track)
    return {
        "yes": f"it tells of {whose}",
        "no": f"it does not tell of {whose}",
        "nothing known": f"the agency says that it knew nothing of {whose}",
    }.get(said, "")
