"""
The command that searches the record: by reference, pseudonym and words, by agency, person, theme, stage and days.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from cyclopts import Group, Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, HowMany, one_of
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.who_sees import may_see
from safeguarding.search.finding import FoundReview, as_they_see, found
from safeguarding.search.known import ReviewHead, SearchedReview
from safeguarding.search.wanted import CLOSED_ONES, OPEN_ONES, SearchWanted, in_words, offered, read_wanted
from safeguarding.search.words import LONGEST, terms_of
from tasks.record.installation import Installation
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.searching import LookedThrough, Looker, OpenWords, look_through
from tasks.store import queries
from tasks.store.session import reading

WHETHER_OPEN = Group("Open or closed", validator=one_of)
OPTIONS = {
    "words": "the words",
    "agency": "--agency",
    "person": "--person",
    "track": "--track",
    "stage": "--stage",
    "theme": "--theme",
    "when": "--date",
    "since": "--from",
    "until": "--until",
}
"""What is asked, as the command line calls it."""
Text = Annotated[str, Parameter(metavar="WORDS")]


class SearchRefused(SafeguardingError):
    """A search that cannot be made as it was asked, or not by whoever asks."""

    code = "search-refused"

    def __init__(self, unmet: tuple[str, ...]) -> None:
        self.unmet = unmet
        super().__init__(f"Nothing was searched: {'; '.join(unmet)}.", unmet)


def search(
    *words: str,
    person: ActingPerson,
    agency: Text = "",
    with_part: Annotated[str, Parameter(name="--person", metavar="WORDS")] = "",
    track: Text = "",
    stage: Text = "",
    theme: Text = "",
    when: Annotated[str, Parameter(name="--date", metavar="KIND")] = "",
    since: Annotated[str, Parameter(name="--from", metavar="DATE")] = "",
    until: Annotated[str, Parameter(metavar="DATE")] = "",
    only_open: Annotated[bool, Parameter(name="--open", group=WHETHER_OPEN)] = False,
    only_closed: Annotated[bool, Parameter(name="--closed", group=WHETHER_OPEN)] = False,
    sealed: bool = False,
    typed_in: Annotated[bool, Parameter(name="--typed")] = False,
    first: HowMany = 100,
    at: At = None,
    here: Here,
) -> Said:
    """
    Find reviews by reference, pseudonym or words of their history, by agency, person, theme, stage or days.

    ```
    safeguarding search police asked --as alex_example --stage decision --demo
    ```

    Parameters
    ----------
    words
        All of them in one line of the history; a phrase in quotation marks as it stands.
    person
        Who searches, by their id: only reviews that they may see are found.
    agency
        An agency that was asked or owns an action: its name or id.
    with_part
        Somebody with a part in it: chair, reviewer, who decided, owner of an action, contact.
    track
        children or adults.
    stage
        A stage, or where exactly it stands.
    theme
        A coded answer, such as «serious harm».
    when
        Which day lies between --from and --until: opened, decided, published or closed; under way unless given.
    since
        The first day, such as 2026-11-30.
    until
        The last day.
    only_open
        Only open reviews.
    only_closed
        Only closed reviews.
    sealed
        Look in sealed words too. That you read them is noted first, for each review.
    typed_in
        Read words from standard input too: no list of processes shows them, and no shell keeps them.
    first
        At most so many.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    typed = {
        "words": " ".join([_words(words), _typed() if typed_in else ""]).strip(),
        "agency": agency,
        "person": with_part,
        "track": track,
        "stage": stage,
        "theme": theme,
        "when": when,
        "since": since,
        "until": until,
        "open": OPEN_ONES if only_open else CLOSED_ONES if only_closed else "",
    }
    partnership = installation.rulebook.on(london_date(moment)).partnership
    asking = partnership.known(person)
    if asking is None:
        raise SearchRefused(("whoever searches is nobody of the partnership's file: give an id of it after --as",))
    with here.waiting("Reading the record"):
        looker, reviews = _what_they_see(installation, asking, partnership)
        choices = offered(reviews, partnership)
        wanted = _read(typed, read_wanted(typed, choices), looker, sealed=sealed)
        through = look_through(installation.records, looker, reviews, wanted, moment) if sealed else None
        there = through.found if through is not None else found(reviews, wanted, partnership)
    some = there[:first]
    besides = in_words(wanted, choices)
    said = f": {'; '.join(besides)}" if besides else ""
    lines = [f"{len(there)} found{said}."]
    if not there and any(" " in one.strip() and '"' not in one for one in words):
        lines.append("What stands in quotation marks is looked for as one phrase: try without them.")
    lines += [line for one in some for line in _in_lines(one)]
    if len(there) > len(some):
        lines.append(f"{len(there) - len(some)} more: ask for more with --first, or narrow it.")
    lines += _of_sealed(through) if through is not None else []
    return Said(lines, _as_data(there, some, through))


def _words(given: Sequence[str]) -> str:
    """What is looked for in one line; what the shell took as one word with spaces in it is a phrase."""
    return " ".join(f'"{one}"' if " " in one.strip() and '"' not in one else one for one in given)


def _typed() -> str:
    """The first line of standard input; what is no letter in it is looked for in vain."""
    line = getattr(sys.stdin, "buffer", sys.stdin).readline(4 * LONGEST)
    return line.decode("utf-8", "replace") if isinstance(line, bytes) else str(line)


def _what_they_see(
    installation: Installation, person: Person, partnership: Partnership
) -> tuple[Looker, list[SearchedReview]]:
    """The reviews that somebody may see, as they see them."""
    records = installation.records
    with reading(records.engine) as connection:
        whom, rows = queries.whom_they_concern(connection), queries.list_reviews(connection)
    rows = [row for row in rows if may_see(person, whom[row.reference], partnership)]
    read = OpenWords().of(records, rows, installation.rulebook)
    theirs = {row.reference: whom[row.reference] for row in rows}
    looker = Looker(person, NAMED_AT_THE_MACHINE, partnership, theirs)
    return looker, [as_they_see(one, person, partnership) for one in read]


def _read(
    typed: Mapping[str, str], answer: tuple[SearchWanted, Mapping[str, str]], looker: Looker, *, sealed: bool
) -> SearchWanted:
    """What is looked for. Raises SearchRefused with everything that is wrong with it."""
    wanted, faults = answer
    unmet = [f"{OPTIONS.get(name, name)}: {said}" for name, said in faults.items()]
    if sealed and not looker.reads_any:
        unmet.append("--sealed: sealed words are looked through for those who may read the whole record of a review")
    elif sealed and "words" not in faults and not terms_of(wanted.words):
        unmet.append("--sealed: give the words that are to be looked for in sealed text")
    if not any(typed.values()):
        unmet.append("nothing is looked for: give words, or one of the options")
    if unmet:
        raise SearchRefused(tuple(unmet))
    return wanted


def _in_lines(one: FoundReview) -> list[str]:
    why = [f"    {why.words}{f' (line {why.line})' if why.line else ''}" for why in one.why]
    return [f"{one.head.reference}  {one.head.pseudonym}  {_stands(one.head)}", *why]


def _stands(head: ReviewHead) -> str:
    return head.stage.named(head.track) if head.open else f"Closed: {head.state.ended_how}"


def _of_sealed(through: LookedThrough) -> list[str]:
    """What was looked through of sealed words, in words."""
    if through.reviews:
        was, it = ("was", "it") if through.texts == 1 else ("were", "them")
        said = [
            f"{_many(through.texts, 'sealed text')} of {_many(through.reviews, 'review')} {was} looked through. That "
            f"you read {it} is noted, without what you looked for: `safeguarding readings` lists it."
        ]
    else:
        said = ["No sealed text was looked through, and none was noted as read."]
    if through.erased:
        said.append(f"{through.erased} text{' is' if through.erased == 1 else 's are'} erased.")
    if through.not_theirs:
        said.append(f"The sealed words of {through.not_theirs} more of these reviews are not all yours to read.")
    if through.broken:
        said.append(f"Sealed words of {', '.join(through.broken)} do not open: run `safeguarding ledger verify`.")
    return said


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _as_data(there: Sequence[FoundReview], some: Sequence[FoundReview], through: LookedThrough | None) -> Any:
    reviews = [
        {
            "reference": one.head.reference,
            "pseudonym": one.head.pseudonym,
            "track": one.head.track.value,
            "stage": one.head.stage.value,
            "state": one.head.state.value,
            "open": one.head.open,
            "found_by": [{"words": why.words, "line": why.line or None} for why in one.why],
        }
        for one in some
    ]
    data: dict[str, Any] = {"count": len(there), "reviews": reviews}
    if through is not None:
        names = ("reviews", "texts", "erased", "not_theirs", "broken")
        data["sealed"] = {name: getattr(through, name) for name in names}
    return data
