"""
Commands of whoever watches: is the system alive, what was not delivered, how the agencies answer.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from config import bounded_files
from config.encodings import Unreadable
from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import numbers
from flows.server import prefect_health
from safeguarding.dates.london import london_date, now, say_moment, say_moment_briefly
from safeguarding.review.words import agency_name
from safeguarding.shown import agency_answers
from safeguarding.shown.letters_sent import ARRIVED, CHANNELS, about_words, became, to_words
from tasks.post import came_back as came_back_letters
from tasks.post import delivery_report
from tasks.post.delivery_report import settle
from tasks.record.health import looked_at
from tasks.store import agency_requests
from tasks.store.beside import Beside
from tasks.store.letters_sent import letters_of
from tasks.store.whereabouts import NoRecord, file_of

TOLD = "told in another way"
"""What the record keeps of a message that somebody took off the report."""

Numbers = Annotated[list[int] | None, Parameter(consume_multiple=1, metavar="NUMBER", validator=numbers)]


def health(*, here: Here) -> Said:
    """
    Whether time still acts on the record, and what Prefect says where it answers; exit code 1 if somebody must look.

    ```
    safeguarding health --demo
    ```
    """
    url = here.settings.record_url
    found = looked_at(url, now(), here.settings.home)
    prefect = prefect_health.asked(here.settings, found.stages, found.deployments)
    found = replace(found, faults=(*found.faults, *prefect.faults))
    words = ["Healthy." if found.healthy else "NOT healthy:", *(f"  {fault}" for fault in found.faults)]
    swept = say_moment(found.swept_at, weekday=True) if found.swept_at else "never"
    counts = f"Undelivered: {found.undelivered}. Stuck: {found.stuck}. Waiting to leave: {found.waiting}."
    words.append(f"Last sweep: {swept}. {counts}")
    if prefect.words:
        words.append(prefect.words)
    if found.swept_at:
        proved = say_moment(found.proved_at, weekday=True) if found.proved_at else "never"
        backup = say_moment(found.backed_up_at, weekday=True) if found.backed_up_at else "never"
        free = f" Free on the disk: {found.free_bytes / 1e9:.1f} GB." if found.free_bytes is not None else ""
        words.append(f"Last proof: {proved}. Last backup: {backup}.{free}")
    if (file := file_of(url)) is not None and not file.exists() and not Beside(here.settings.home).was_here:
        words.append(str(here.missing(NoRecord(url))))
    return Said(words, found.as_data() | {"prefect": prefect.counted}, code=0 if found.healthy else 1)


def letters(reference: str, /, *, here: Here) -> Said:
    """
    What was sent about a review: to whom, about what, over which channel, and whether it arrived.

    ```
    safeguarding letters CSPR-2026-007 --demo
    ```

    Parameters
    ----------
    reference
        The review.
    """
    installation = here.installation()
    records, partnership = installation.records, installation.rulebook.partnership
    found = letters_of(records.engine, records.read(reference).reference)
    words = [
        f"{one.number:6}  {say_moment_briefly(one.written_at)} to {to_words(one.person, partnership)} by "
        f"{CHANNELS.get(one.channel, one.channel)}: {about_words(one.about)}. {became(one)}."
        for one in found
    ]
    data = [one._asdict() | {"outcome": one.outcome, "became": became(one)} for one in found]
    return Said([*words, ARRIVED] if words else ["Nothing was sent about this review yet."], data)


def undelivered(*, again: Numbers = None, told: Numbers = None, here: Here) -> Said:
    """
    The messages that did not arrive, and why; send some again, or take off those told in another way.

    ```
    safeguarding undelivered --demo
    ```

    Parameters
    ----------
    again
        Send these again.
    told
        Somebody told them in another way.
    """
    engine = here.installation().records.engine
    words = []
    if again:
        words.append(f"{delivery_report.send_again(engine, again, now())} put back: they leave with the next round.")
    if told:
        words.append(f"{settle(engine, told, TOLD)} taken off the report: {TOLD}.")
    found = delivery_report.report(engine)
    for message in found:
        how = "NOT DELIVERED" if message.given_up else f"trying again ({message.attempts})"
        what = f"{message.reference} {message.occasion.replace('_', ' ')} for {message.person} by {message.channel}"
        words.append(f"{message.id:6}  {how}: {what}: {message.why}")
    data = [message.cells() for message in found]
    return Said(words or ["Everything that was due has been delivered."], data, code=0)


def came_back(
    sent: Annotated[list[int] | None, Parameter(metavar="NUMBER", validator=numbers)] = None,
    /,
    *,
    file: Annotated[list[Path] | None, Parameter(consume_multiple=1, metavar="FILE")] = None,
    review: Annotated[str | None, Parameter(metavar="REFERENCE")] = None,
    here: Here,
) -> Said:
    """
    Say that letters came back after the mail server took them: they are open again, and the business manager is told.

    ```
    safeguarding came-back --review CSPR-2026-007 --demo
    ```

    Parameters
    ----------
    sent
        The numbers of the letters; each letter has its own in the header X-Safeguarding-Notice.
    file
        Reports of a mail server, each saved from the mailbox as a file (.eml): they say the number themselves.
    review
        List what has left about this review, to find a number.
    """
    reports = [came_back_letters.Report(number) for number in sent or ()]
    reports += [came_back_letters.read_report(_saved(one)) for one in file or ()]
    installation = here.installation()
    engine = installation.records.engine
    answers = came_back_letters.report(engine, reports, installation.rulebook.partnership, now())
    words = [answer.words for answer in answers]
    if any(answer.outcome == "open again" for answer in answers):
        words.append(
            "Mend the address, then `safeguarding undelivered --again NUMBER`; or tell them, then `--told NUMBER`."
        )
    listed = came_back_letters.sent_about(engine, review) if review else []
    words += [f"{it['Number']:6}  {it['Message']} for {it['For']} by {it['By']}, {it['Left']}" for it in listed]
    if not words:
        words = ["Nothing has left about that review." if review else "Give a NUMBER, a --file or a --review."]
    code = 0 if (reports or review) and all(answer.taken for answer in answers) else 1
    return Said(words, {"reported": [asdict(answer) for answer in answers], "sent": listed}, code=code)


def _saved(file: Path) -> bytes:
    """A report that was saved. Raises NoReport where it cannot be read."""
    try:
        return bounded_files.bytes_of(file)
    except Unreadable as error:
        raise came_back_letters.NoReport(f"{file.name} {error.each[0][1]}") from None


def agencies(reference: str | None = None, /, *, here: Here) -> Said:
    """
    How the agencies answered over the last year: asked, returned, nil, late, refused, days taken.

    ```
    safeguarding agencies --demo
    safeguarding agencies CSPR-2026-007 --demo
    ```

    Parameters
    ----------
    reference
        A review: how each of its requests stands.
    """
    installation = here.installation()
    today = london_date(now())
    if reference:
        asked = agency_answers.requests_of(installation.records.read(reference), installation.rulebook)
        it = installation.rulebook.partnership
        words = [f"{agency_name(r.agency, it)} ({r.purpose}): {r.words(today)}" for r in asked]
        data: Any = [r._asdict() | {"state": r.state(today)} for r in asked]
        return Said(words or ["No agency was asked for anything."], data)
    lines = agency_requests.agency_league(installation.records.engine, installation.rulebook, today)
    words = [_line(line.cells()) for line in lines]
    return Said(words or ["No agency was asked for anything in the last year."], [line._asdict() for line in lines])


def _line(cells: dict[str, Any]) -> str:
    agency, *rest = cells.items()
    return f"{agency[1]}: " + ", ".join(f"{name.lower()} {value}" for name, value in rest if value not in (0, ""))
