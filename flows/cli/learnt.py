"""
The command that asks what earlier reviews agreed on a theme, and what came of it: before the same is recommended again.
"""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At
from safeguarding.as_typed import one_line
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.themes import THEMES, theme_words
from safeguarding.review.who_sees import may_see
from tasks.record.earlier_actions import EarlierAction, earlier_actions
from tasks.record.installation import Installation
from tasks.store import queries
from tasks.store.session import reading


class ThemeUnknown(SafeguardingError):
    """What was asked about cannot be answered, in words that repeat nothing typed."""

    code = "theme-unknown"


def learning(
    *,
    theme: Annotated[tuple[str, ...], Parameter(metavar="THEME")],
    person: ActingPerson,
    at: At = None,
    here: Here,
) -> Said:
    """
    What reviews agreed on a theme: each action, how it stands and its latest impact. Without sealed words.

    ```
    safeguarding learning --theme neglect --as alex_example --demo
    ```

    Parameters
    ----------
    theme
        A theme by its id or its words; given several times, any of them.
    person
        Who asks, by their id: only reviews that they may see are named.
    """
    installation = here.installation()
    rulebook = installation.rulebook.on(london_date(installation.at(at, now())))
    asking = rulebook.partnership.known(person)
    if asking is None:
        words = "Whoever asks is nobody of the partnership's file: give an id of it after --as."
        raise ThemeUnknown(words, words)
    wanted = _themes(theme, rulebook.partnership)
    records = installation.records
    with reading(records.engine) as connection:
        whom = queries.whom_they_concern(connection)
    theirs = [name for name, one in whom.items() if may_see(asking, one, rulebook.partnership)]
    found = earlier_actions(records, rulebook, wanted, theirs)
    return Said(_lines(found, wanted, installation), [_data(one) for one in found])


def _themes(typed: tuple[str, ...], partnership: Partnership) -> list[str]:
    """The themes that are asked about, by their ids. Raises ThemeUnknown for one that is none."""
    every = {**THEMES, **{one.id: one.words for one in partnership.themes}}
    by_words = {words.casefold(): key for key, words in every.items()}
    found = [one if one in every else by_words.get(one_line(one).casefold(), "") for one in typed]
    if "" in found:
        words = f"--theme takes one of the themes: {', '.join(sorted(every))}."
        raise ThemeUnknown(words, words)
    return found


def _lines(found: list[EarlierAction], themes: list[str], installation: Installation) -> list[str]:
    own = installation.rulebook.partnership.themes
    about = ", ".join(theme_words(one, own) for one in themes)
    if not found:
        return [f"No action of a review that you may see is on: {about}."]
    many = "1 action" if len(found) == 1 else f"{len(found)} actions"
    return [f"{many} on: {about}.", *(f"{one.reference} {one.action}: {one.words}" for one in found)]


def _data(one: EarlierAction) -> dict[str, Any]:
    return one._asdict()
