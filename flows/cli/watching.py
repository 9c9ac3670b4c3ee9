"""
Commands of whoever watches: is the system alive, what was not delivered, how the agencies answer.
"""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from flows.cli.said import Arguments, Said
from safeguarding.dates.london import LONDON, london_date, now
from safeguarding.shown import agency_answers
from tasks.post import delivery_report
from tasks.post.delivery_report import settle
from tasks.record.health import looked_at
from tasks.record.installation import open_installation
from tasks.store import agency_requests

TOLD = "told in another way"
"""What the record keeps of a message that somebody took off the report."""


def health(_: Arguments) -> Said:
    """Whether time still acts on the record; exit code 1 if somebody must look."""
    found = looked_at(Settings().record_url, now())
    words = ["Healthy." if found.healthy else "NOT healthy:", *(f"  {fault}" for fault in found.faults)]
    swept = f"{found.swept_at.astimezone(LONDON):%a %d %b %Y %H:%M}" if found.swept_at else "never"
    counts = f"Undelivered: {found.undelivered}. Stuck: {found.stuck}. Waiting to leave: {found.waiting}."
    words.append(f"Last sweep: {swept}. {counts}")
    return Said(words, found.as_data(), code=0 if found.healthy else 1)


def undelivered(arguments: Arguments) -> Said:
    """The messages that did not arrive; send some again, or take off those whom somebody told in another way."""
    engine = open_installation(now()).records.engine
    words = []
    if arguments.again:
        words.append(
            f"{delivery_report.send_again(engine, arguments.again, now())} put back: they leave with the next round."
        )
    if arguments.told:
        words.append(f"{settle(engine, arguments.told, TOLD)} taken off the report: {TOLD}.")
    found = delivery_report.report(engine)
    for message in found:
        how = "NOT DELIVERED" if message.given_up else f"trying again ({message.attempts})"
        what = f"{message.reference} {message.occasion.replace('_', ' ')} for {message.person} by {message.channel}"
        words.append(f"{message.id:6}  {how}: {what}: {message.why}")
    data = [message.cells() for message in found]
    return Said(words or ["Everything that was due has been delivered."], data, code=0)


def agencies(arguments: Arguments) -> Said:
    """How the agencies answered over the last year; or, of one review, how each request stands."""
    installation = open_installation(now())
    today = london_date(now())
    if arguments.reference:
        asked = agency_answers.requests_of(installation.records.read(arguments.reference), installation.rulebook)
        names = {agency.id: agency.name for agency in installation.rulebook.partnership.agencies}
        words = [f"{names.get(r.agency, r.agency)} ({r.purpose}): {r.words(today)}" for r in asked]
        data: Any = [r._asdict() | {"state": r.state(today)} for r in asked]
        return Said(words or ["No agency was asked for anything."], data)
    lines = agency_requests.agency_league(installation.records.engine, installation.rulebook, today)
    words = [_line(line.cells()) for line in lines]
    return Said(words or ["No agency was asked for anything in the last year."], [line._asdict() for line in lines])


def _line(cells: dict[str, Any]) -> str:
    agency, *rest = cells.items()
    return f"{agency[1]}: " + ", ".join(f"{name.lower()} {value}" for name, value in rest if value not in (0, ""))


def register(command: Any) -> None:
    """These commands, for `flows.cli`."""
    command("health", health, "Whether time still acts on the record; exit code 1 if somebody must look.")
    made = command("undelivered", undelivered, "The messages that did not arrive, and why.")
    made.add_argument("--again", type=int, nargs="+", metavar="NUMBER", help="send these again")
    made.add_argument("--told", type=int, nargs="+", metavar="NUMBER", help="somebody told them in another way")
    made = command("agencies", agencies, "How the agencies answer: asked, returned, nil, late, refused, days taken.")
    made.add_argument("reference", nargs="?", help="a review: how each of its requests stands")
