"""
What our two services of Apprise have in common: they keep why a message was not taken.

Apprise says only whether it worked. What a server answers decides whether a message is tried again or given up, and
what the reader of the delivery report is told.
"""

from __future__ import annotations

from typing import Any

from apprise import NotifyBase, NotifyType

from safeguarding.errors import NoticeUndeliverable


class Service(NotifyBase):
    """One message to one person. `fault` is why it has not been taken, and None once it has."""

    service_name: Any
    secure_protocol: Any
    url_identifier: Any = False
    """Apprise keeps nothing for it between two messages."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)  # type: ignore[no-untyped-call]
        self.fault: NoticeUndeliverable | None = NoticeUndeliverable("the message was not handed over", True)

    def hand_over(self, subject: str, body: str, enclosures: Any) -> None:
        """Give it to the server. Raises NoticeUndeliverable if the server did not take it."""
        raise NotImplementedError

    def send(
        self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, attach: Any = None, **_: Any
    ) -> bool:
        """Hand it over and keep what was said. Whether it was taken."""
        try:
            self.hand_over(title, body, attach or ())
        except NoticeUndeliverable as fault:
            self.fault = fault
        else:
            self.fault = None
        return self.fault is None

    def url(self, privacy: bool = False, *_: Any, **__: Any) -> str:
        """What Apprise calls this service where it speaks of it: addresses are secrets, so only what kind it is."""
        return f"{self.secure_protocol}://"
