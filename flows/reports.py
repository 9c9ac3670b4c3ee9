"""
Tables in Prefect beside the deadline board: what was not delivered, and how the agencies answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flows import artifacts
from flows.artifacts import Artifact
from flows.wiring import House
from safeguarding.league import Standing
from tasks import chasing, delivery
from tasks.delivery import Message

DELIVERY = "delivery-report"
LEAGUE = "agency-league"


def drawn(house: House, today: date) -> list[Artifact]:
    """Both tables as they stand on a day."""
    messages = delivery.report(house.records.engine)
    return [delivery_table(messages), league_table(chasing.agency_league(house.records.engine, house.rulebook, today))]


def delivery_table(messages: Sequence[Message]) -> Artifact:
    """The delivery report. An empty one says so: no line is good news only if somebody looked."""
    given_up = sum(message.given_up for message in messages)
    if not messages:
        return artifacts.table(DELIVERY, (), "**Everything that was due has been delivered.**")
    words = (
        f"**{given_up} not delivered**, {len(messages) - given_up} to be tried again. Tell whoever did not hear, mend "
        "the address in the partnership's file, then `safeguarding undelivered --again NUMBER` or `--told NUMBER`."
    )
    return artifacts.table(DELIVERY, [message.cells() for message in messages], words)


def league_table(league: Sequence[Standing]) -> Artifact:
    """The league of the agencies, the one most often late first."""
    words = "**How agencies answered, over the last year**, the one most often late first. A nil return is an answer."
    return artifacts.table(LEAGUE, [line.cells() for line in league], words)


def links() -> str:
    """Where both tables are, for the words above the deadline board."""
    return f"{artifacts.link(DELIVERY, 'Delivery report')} · {artifacts.link(LEAGUE, 'Agency league')}"
