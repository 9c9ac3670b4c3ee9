"""
Tables in Prefect beside the deadline board: what was not delivered, and how the agencies answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flows.artifacts import artifact
from flows.artifacts.artifact import Artifact
from safeguarding.shown.agency_answers import AgencyStanding
from tasks.post import delivery_report
from tasks.post.delivery_report import Message
from tasks.record.installation import Installation
from tasks.store import agency_requests

DELIVERY = "delivery-report"
LEAGUE = "agency-league"


def drawn(installation: Installation, today: date) -> list[Artifact]:
    """Both tables as they stand on a day."""
    messages = delivery_report.report(installation.records.engine)
    return [
        delivery_table(messages),
        league_table(agency_requests.agency_league(installation.records.engine, installation.rulebook, today)),
    ]


def delivery_table(messages: Sequence[Message]) -> Artifact:
    """The delivery report. An empty one says so: no line is good news only if somebody looked."""
    given_up = sum(message.given_up for message in messages)
    if not messages:
        return artifact.table(DELIVERY, (), "**Everything that was due has been delivered.**")
    words = (
        f"**{given_up} not delivered**, {len(messages) - given_up} to be tried again. Tell whoever did not hear, mend "
        "the address in the partnership's file, then `safeguarding undelivered --again NUMBER` or `--told NUMBER`."
    )
    return artifact.table(DELIVERY, [message.cells() for message in messages], words)


def league_table(league: Sequence[AgencyStanding]) -> Artifact:
    """The league of the agencies, the one most often late first."""
    words = "**How agencies answered, over the last year**, the one most often late first. A nil return is an answer."
    return artifact.table(LEAGUE, [line.cells() for line in league], words)


def links() -> str:
    """Where both tables are, for the words above the deadline board."""
    return f"{artifact.link(DELIVERY, 'Delivery report')} · {artifact.link(LEAGUE, 'Agency league')}"
