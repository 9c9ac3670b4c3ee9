"""
Commands about the partnership's people and their file: what a change would do, what was taken up, who is away.
"""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from config.vacancies import warnings
from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, Day
from safeguarding.dates.london import london_date, now, say_moment_briefly
from safeguarding.review.events import Actor
from safeguarding.staff import absences


def changes(*, here: Here) -> Said:
    """
    What the partnership's file, as it is now, would change: people, agencies, dates, and what stands against it.

    ```
    safeguarding partnership changes --demo
    ```

    Nothing is taken up. A running system takes the file up by itself once it is saved and nothing stands against it.
    """
    from tasks.record import partnership_file

    found = here.rulebook
    installation = here.installation(take_up=False)
    seen = partnership_file.against(installation.records, found, here.settings.partnership)
    words = [f"  {line}" for line in seen.told]
    words = [f"{len(words)} changes:", *words] if words else ["The file is the one in force: nothing would change."]
    today = london_date(now())
    before = set(warnings(installation.rulebook.partnership, today))
    vacant = [line for line in warnings(found.partnership, today) if line not in before]
    words += [f"To know: {line}." for line in vacant]
    if seen.refused:
        words += ["It would NOT be taken up:", *(f"  {fault}" for fault in seen.refused)]
    data = {
        "in_force": installation.rulebook.digest,
        "file": found.digest,
        "changes": list(seen.told),
        "to_know": vacant,
        "refused": [fault._asdict() for fault in seen.refused],
    }
    return Said(words, data, code=1 if seen.refused else 0)


def history(*, here: Here) -> Said:
    """
    Every file that was taken up and everybody who was marked away or back, as the ledger has it.

    ```
    safeguarding partnership history --demo
    ```
    """
    from tasks.record import staff

    installation = here.installation()
    lines = staff.history(installation)
    words = []
    for line in lines:
        who = line.who(line.actor.person)
        by = f" by {who.name}" if who is not None else ""
        words.append(f"{line.sequence:4} {say_moment_briefly(line.at)} {line.title}{by}: {_said(line.facts)}")
        words += [f"       {change}" for change in line.facts.get("changes", ())]
    data = [line.model_dump(mode="json", exclude={"facts": {"files"}}) for line in lines]
    return Said(words or ["Nothing has been taken up yet."], data)


def _said(facts: dict[str, Any]) -> str:
    if "digest" in facts:
        return f"rulebook {facts['digest']}"
    return " ".join(f"{name} {value}" for name, value in facts.items())


def away(
    person: str | None = None,
    /,
    *,
    first: Annotated[Day | None, Parameter(name="--from")] = None,
    last: Annotated[Day | None, Parameter(name="--to")] = None,
    cover: Annotated[str | None, Parameter(metavar="PERSON")] = None,
    by: ActingPerson | None = None,
    here: Here,
) -> Said:
    """
    Mark somebody away, without touching a file; without a person, who is away and who hears.

    ```
    safeguarding away --demo
    ```

    Parameters
    ----------
    person
        Who is away: an id of the partnership's file.
    first
        The first day away; today unless given.
    last
        The last day away, such as 2027-01-04.
    cover
        Who hears meanwhile; their deputy unless given.
    by
        Who marks them: the unit, or they themselves.
    """
    from tasks.record import staff

    installation = here.installation()
    if person is None:
        found = staff.away_now(installation, now())
        return Said([*(f"{line}." for line in found)] or ["Nobody is marked away."], found)
    raw = {"person": person, "first": first or london_date(now()), "last": last, "cover": cover}
    answered = {name: value for name, value in raw.items() if value is not None}
    words = staff.mark(installation, "mark_away", answered, Actor(person=by or person), now())
    return Said([f"{words}."], {"said": words})


def agency(
    review: str,
    name: str,
    contact: str,
    email: str,
    /,
    *,
    by: ActingPerson,
    here: Here,
) -> Said:
    """
    Name an agency that takes part in one review only, and who is asked there; named again, it has another contact.

    ```
    safeguarding agency CSPR-2026-007 "Welsh Health Board" "Gwen Example" gwen@health.example --as alex_example --demo
    ```

    Parameters
    ----------
    review
        The reference of the review.
    name
        What the agency is called.
    contact
        Who is asked there.
    email
        Their address: every letter to this agency goes there.
    by
        Who records it: the unit.
    """
    from tasks.record import staff

    raw = {"review": review, "name": name, "contact": contact, "email": email}
    made = staff.name_for_one(here.installation(), raw, Actor(person=by), now())
    words = f"{name} takes part in {review}, under the id {made}: ask it with ask_agencies, as any other"
    return Said([f"{words}."], {"agency": made, "review": review})


def hand_over(leaver: str, successor: str, /, *, by: ActingPerson, here: Here) -> Said:
    """
    Hand over all that somebody who leaves still owns, in every open review: their actions pass to a successor.

    ```
    safeguarding hand-over jules_lead jordan_director --as alex_example --demo
    ```

    Parameters
    ----------
    leaver
        Who hands over; also somebody who has left already.
    successor
        Who takes over.
    by
        Who records it.
    """
    from tasks.record import staff

    installation = here.installation()
    taken, refused = staff.hand_over(installation, leaver, successor, Actor(person=by), now())
    words = [f"{one.review.reference}: {len(one.event.entries)} actions handed over." for one in taken]
    words += [str(one) for one in refused]
    data = {"handed_over": [one.review.reference for one in taken], "refused": [str(one) for one in refused]}
    return Said(words or [f"No open review has an action of {leaver}."], data, code=1 if refused else 0)


def authenticator_lost(person: str, /, *, by: ActingPerson, here: Here) -> Said:
    """
    Take away somebody's authenticator whose device is lost: when they sign in, a code goes to their mailbox again.

    ```
    safeguarding authenticator-lost glenn_sample --as alex_example --demo
    ```

    Parameters
    ----------
    person
        Whose it is.
    by
        Who records it: the unit.
    """
    from tasks.record import staff

    installation = here.installation()
    staff.remove_authenticator_of(installation, person, "the device is lost", Actor(person=by), now())
    words = f"The authenticator of {person} is asked for no more: a code goes to their mailbox when they sign in"
    return Said([f"{words}."], {"said": words})


def back(
    person: str,
    /,
    *,
    on: Day | None = None,
    by: ActingPerson | None = None,
    here: Here,
) -> Said:
    """
    Mark somebody back before the last day of their absence.

    ```
    safeguarding back glenn_sample --as alex_example --demo
    ```

    Parameters
    ----------
    person
        Who is back.
    on
        The first day on which they hear again; today unless given.
    by
        Who marks them: the unit, or they themselves.
    """
    from tasks.record import staff

    installation = here.installation()
    raw = {"person": person, "on": on or london_date(now())}
    actor = Actor(person=by or person)
    against = staff.unmet(installation, "mark_back", raw, actor, now())
    if len(against) == 1 and absences.NOT_AWAY in against[0]:  # Said twice it is true the second time too.
        return Said([f"{against[0]}: nothing was changed."], {"said": against[0]})
    words = staff.mark(installation, "mark_back", raw, actor, now())
    return Said([f"{words}."], {"said": words})
