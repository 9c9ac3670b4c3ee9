"""
A page made of its template: everything in it is escaped, and every page has the partnership's name.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from fastapi import BackgroundTasks
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from safeguarding.dates.london import say_moment
from safeguarding.dates.working_days import say

STATIC = resources.files("pages") / "static"


def _environment() -> Environment:
    # A template is read once: while the program is replaced by a newer one, none of the new ones meets the old code.
    made = Environment(
        loader=PackageLoader("pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(day=say, moment=say_moment)
    return made


_PAGES = _environment()


def page(template: str, status: int = 200, later: BackgroundTasks | None = None, **facts: Any) -> HTMLResponse:
    """
    A page by its template; what is to be done `later`, once it has been answered.

    Raises jinja2.UndefinedError where a fact that it shows was not given.
    """
    shown = _PAGES.get_template(f"{template}.html.j2").render(**facts)
    return HTMLResponse(shown, status_code=status, background=later)
