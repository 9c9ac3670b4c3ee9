"""
Beside a recommendation that is written: what earlier reviews agreed on the same themes, and what came of it.
"""

from __future__ import annotations

from pages.forms.beside import KnownBlock
from pages.forms.work import FormAtWork
from pages.running import Running
from pages.seen import Seen
from pages.visits import Visit
from safeguarding.law.themes import theme_words
from safeguarding.stages.beside.learning import RECORD_RECOMMENDATION
from tasks.record.earlier_actions import earlier_actions

MOST = 12
"""Earlier actions beside a form; the register of actions has all of them."""
TITLE = "Earlier actions on the same themes"


def earlier_block(work: FormAtWork, visit: Visit, seen: Seen, running: Running) -> list[KnownBlock]:
    """
    Earlier reviews' actions on the themes that are chosen, or while none is on those of what this review has learnt so
    far; nothing beside any other form. Only reviews that whoever fills it in may see.
    """
    if work.step.name != RECORD_RECOMMENDATION.name or work.review is None:
        return []
    review = work.review
    learnt = {theme for one in review.lessons for theme in one.themes}
    learnt |= {theme for one in review.findings for theme in one.themes}
    themes = {one for one in work.typed.boxes.get("themes", ()) if one} or learnt
    own = work.rulebook.partnership.themes
    about = ", ".join(theme_words(one, own) for one in sorted(themes))
    if not themes:
        return [KnownBlock(TITLE, ["Shown here once themes are chosen: press «Check the answers first»."])]
    theirs = [row.reference for row in seen.reviews(visit)]
    found = earlier_actions(running.records, work.rulebook, themes, theirs, but=review.reference)
    pairs = [(f"{one.reference} {one.action}", one.words) for one in found[:MOST]]
    more = [f"{len(found) - MOST} more: see the register of actions."] if len(found) > MOST else []
    lines = [f"On: {about}."] if found else [f"No earlier review has an action on: {about}."]
    return [KnownBlock(TITLE, [*lines, *more], pairs)]
