"""
What was typed on a page of a form whose session is over is handed back to whoever sent it.

It is kept for nobody: the cookie of an ended session proves no person, and somebody else may sit at the machine.
"""

from __future__ import annotations

from fastapi import Request, Response

from pages.forms.typed import Typed
from pages.visits import Stopped, Visit, Visits


def in_this_session(visits: Visits, request: Request, sent: Typed, *, kept_by_itself: bool) -> Visit:
    """
    Whoever sent a page of a form, in the session in which it was opened. Raises Stopped with what was typed on it, or,
    where the page itself asks that it be kept, with a bare 401 for which the page has its own words.
    """
    try:
        visit, _ = visits.signed_in(request)
        visits.sent(visit, {"token": sent.one("token")})
    except Stopped:
        if kept_by_itself:
            raise Stopped(Response(status_code=401)) from None
        now = visits.of(request)
        status = 401 if now.person is None else 403
        # The form itself: what its check is sent to cannot be opened.
        form = "/".join(request.url.path.split("/")[:5])
        handed = visits.page(now, "handed_back", status, typed=sent.texts, form=form)
        raise Stopped(handed) from None
    return visit
