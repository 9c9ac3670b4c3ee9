"""
How much work a whole review is at the pages: its forms and clicks, in the demo's own story, beside Prefect's.

Counted as a walk in a browser counted Prefect's forms: clicks inside fields, and those that open and send a form. A
link, a button, a radio and a tick are one; a list that is opened and chosen from is two; a box that is typed or pasted
into is one, and the three boxes of a day are one, for the Tab key leads from one to the next. Whoever goes on by the
Tab key from every box to the next presses only what is not typed, which is the second number. Nothing is timed.

What stands in a box beforehand costs nothing where it is right, as whoever looks at it and leaves it presses nothing;
where the story's answer is another it costs what putting it right does. A button that fills in several boxes is one. Of
the reasons on a page the one that several questions share is typed once, where the page asks for that. A form of little
weight is sent by its own button, every other on the page that checks its answers. The child's action plan is pasted
from the table in which such plans are written, the adult's is typed action by action.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from driver.filling import Filler
from driver.sparing import Sparing
from driver.visitor import PORT, Clock, Visitor
from driver.whole_review import ADULT, CHILD, FormTaken, take

from config.settings import Settings
from pages.application import application
from pages.guard import Guard
from pages.running import Running
from pages.tries import Tries
from safeguarding.dates.london import london_date
from tasks.record.installation import Installation, open_installation

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
AT_PREFECTS = {"child": (35, 409), "adult": (23, 299)}
"""Forms and clicks of the same at Prefect's page, counted in a browser."""


def signed_in(served: Guard, person: str) -> Filler:
    """Somebody of the demo at a browser of their own."""
    visitor = Visitor(served)
    visitor.get("/sign-in")
    visitor.post("/sign-in/by-name", person=person)
    return Sparing(visitor)


def walked(installation: Installation, story: tuple[FormTaken, ...]) -> list[tuple[str, Filler]]:
    """Each form of a review with whoever filled it in."""
    clock = Clock(AT)
    served = application(Running(installation, by_name=True, clock=clock, tries=Tries(lambda: 0.0, 10_000)), PORT)
    reference, found = "new", []
    for form in story:
        clock.later(days=form.days)
        review = None if reference == "new" else installation.records.read(reference)
        fillers: list[Filler] = []

        def who(person: str, here: list[Filler] = fillers) -> Filler:
            here.append(signed_in(served, person))
            return here[0]

        reference = take(form, reference, review, london_date(clock.at), who)
        found.append((form.step, fillers[0]))
    return found


def main() -> None:
    """Print the forms of both tracks."""
    for name, story in (("child", CHILD), ("adult", ADULT)):
        with tempfile.TemporaryDirectory() as folder:
            home = {"home": Path(folder), "database_url": None, "partnership": None}
            settings = Settings().model_copy(update=home)
            with open_installation(AT, settings, simulation=True) as installation:
                found = walked(installation, story)
        print(f"{name:<28} {'clicks':>7} {'by Tab':>7}")
        for step, filler in found:
            print(f"  {step:<26} {filler.clicks:>7} {filler.clicks - filler.typed:>7}")
        clicks, typed = sum(one.clicks for _, one in found), sum(one.typed for _, one in found)
        forms, before = AT_PREFECTS[name]
        print(f"  {len(found)} forms, {clicks} clicks, {clicks - typed} by Tab; at Prefect's {forms} and {before}\n")


if __name__ == "__main__":
    main()
