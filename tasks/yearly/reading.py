"""
What an account is made of, read from the record at one moment, set by set: a query for each part, however many reviews.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, func, select

from safeguarding.duties.corrections import PUT_RIGHT
from safeguarding.duties.taken_back import TAKEN_BACK
from safeguarding.registers.registers import REGISTERS
from safeguarding.review.states import Track
from safeguarding.yearly.account import Account, account_of
from safeguarding.yearly.as_ended import as_ended, reopened_after
from safeguarding.yearly.counted import counted, year_known
from safeguarding.yearly.known import HOLDING, YearKnown, kinds
from safeguarding.yearly.learning_counted import AGREED
from safeguarding.yearly.period import TwelveMonths
from tasks.record.records import Records
from tasks.record.shareable import shareable
from tasks.store.register_parts import read_known
from tasks.store.session import reading
from tasks.store.tables import deadlines

MADE_OF = ("decisions", "publications", "breaches", "timeliness", "recommendations", "actions", "dissemination")
"""The registers that it is counted from."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is read for the account itself, beside the registers."""

    needs: Collection[str] = ("lines",)
    holding: Collection[str] = HOLDING
    kinds = staticmethod(kinds)


@dataclass(frozen=True, slots=True)
class ActionMoves:
    """What is read of the reviews of which an action was reopened after the year: how each of their actions moved."""

    needs: Collection[str] = ("lines",)
    holding: Collection[str] = ()
    kinds = staticmethod(lambda: frozenset({"action_updated"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAsked:
    """The account that is asked for: of which track and year, and the least number that is shown, if any."""

    track: Track
    period: TwelveMonths
    below: int | None = None


def read_year(records: Records, asked: AccountAsked, today: date) -> YearKnown:
    """What an account of a year is counted from, as it stands on a day (London)."""
    with reading(records.engine) as connection:
        known = read_known(connection, records.rulebook, [*(REGISTERS[name] for name in MADE_OF), Own()])
        agreed = _agreed_first(connection)
        since = sorted(reopened_after(known.lines, asked.period.last))
        moved = read_known(connection, records.rulebook, [ActionMoves()], since).lines if since else {}
    ended = {name: as_ended(known.actions.get(name, ()), moved[name], asked.period.last) for name in moved}
    known = replace(known, actions={**known.actions, **ended})
    theirs = {name: one for name, one in known.reviews.items() if one.track is asked.track}
    return year_known(replace(known, reviews=theirs), asked.track, asked.period, today, agreed)


def _agreed_first(connection: Connection) -> dict[tuple[str, str], date]:
    """When each action was agreed first: moved days count, wrong ones and those taken back do not."""
    rows = (
        select(deadlines.c.reference, deadlines.c.subject, func.min(deadlines.c.anchored_on))
        .where(deadlines.c.anchor == AGREED)
        .where(deadlines.c.why.not_like(f"{PUT_RIGHT}%"), deadlines.c.why.not_like(f"{TAKEN_BACK}%"))
        .group_by(deadlines.c.reference, deadlines.c.subject)
    )
    return {(reference, action): on for reference, action, on in connection.execute(rows)}


def read_account(records: Records, asked: AccountAsked, today: date) -> Account:
    """
    The account of a year, as it stands on a day (London), with every wording that may be shared.

    Raises SealBroken for a wording that does not open.
    """
    year = read_year(records, asked, today)
    shared = {of: words for of, words in shareable(records).items() if of[0] in year.record.reviews}
    simulation = records.identity().simulation
    return account_of(year, counted(year), shared, asked.below, simulation=simulation)
