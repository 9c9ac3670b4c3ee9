"""
Teams messages, as a service of Apprise: one card to one person's workflow, and what the workflow said to it.

The card is drawn as Apprise's own is: a heading and a text, without a picture from outside.
"""

from __future__ import annotations

import ssl
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx
from apprise import NotifyFormat

from safeguarding.errors import NoticeUndeliverable
from tasks.post.addresses import Workflow
from tasks.post.faults import card_refused, unreachable
from tasks.post.service import Service
from tasks.post.tls_contexts import KeptContexts


def make_context(verify: bool) -> ssl.SSLContext:
    """What the certificate of a workflow's server is checked against: all that web servers are, or nothing."""
    return httpx.create_ssl_context(verify=verify)


CONTEXTS = KeptContexts(make_context)


class TeamsService(Service):
    """One card to one workflow."""

    service_name = "Teams"
    secure_protocol = "safeguardingteams"
    notify_format = NotifyFormat.MARKDOWN

    def __init__(self, workflow: Workflow, **how: Any) -> None:
        super().__init__(**how)
        self.workflow = workflow

    def hand_over(self, subject: str, body: str, enclosures: Any = ()) -> None:
        """
        Post it to the workflow, which takes no enclosures.

        Over the transport itself: httpx's client notes down every address that it asks, and this one holds a signature.
        No redirection is followed, since it would carry the signature elsewhere.
        """
        answer = self._asked("POST", self.workflow.url, card(subject, body, self.workflow.wrap))
        if not answer.is_success:
            raise card_refused(answer.status_code, answer.headers.get("Retry-After", ""))

    def reach(self) -> int:
        """
        Ask the server for nothing, without a word of the workflow and its signature: whatever it answers, it is there.

        The number of its answer. Raises NoticeUndeliverable, in words, if none comes.
        """
        return self._asked("HEAD", f"https://{self.workflow.host}:{self.workflow.port}/").status_code

    def _asked(self, method: str, url: str, content: dict[str, Any] | None = None) -> httpx.Response:
        """What the server answers. Raises NoticeUndeliverable if no answer comes."""
        waits = httpx.Timeout(self.socket_read_timeout, connect=self.socket_connect_timeout)
        headers = {"User-Agent": self.app_id}
        request = httpx.Request(method, url, json=content, headers=headers, extensions={"timeout": waits.as_dict()})
        try:
            with self._transport() as transport:
                answer = transport.handle_request(request)
                answer.close()
        except httpx.ProxyError:
            raise NoticeUndeliverable("the web proxy of this machine did not let the card out", True) from None
        except httpx.TransportError as broken:
            raise unreachable(broken, self.socket_read_timeout) from None
        return answer

    def _transport(self) -> httpx.HTTPTransport:
        workflow = self.workflow
        try:
            context = CONTEXTS.for_server(workflow.host, workflow.port, workflow.verify)
        except OSError:
            raise NoticeUndeliverable("the certificates that this machine trusts cannot be read", True) from None
        try:
            return httpx.HTTPTransport(verify=context, proxy=_proxy_to(workflow.host))
        except (ValueError, ImportError, httpx.InvalidURL):
            raise NoticeUndeliverable("the web proxy of this machine is none that can be used", True) from None


def _proxy_to(host: str) -> str | None:
    """The web proxy through which this machine reaches a server, as its environment says, or None."""
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def card(title: str, text: str, wrap: bool = True) -> dict[str, Any]:
    """A message with one Adaptive Card, as Teams draws it: a heading, and a text of plain Markdown."""
    heading = {
        "type": "TextBlock",
        "text": title,
        "style": "heading",
        "weight": "Bolder",
        "size": "Large",
        "id": "title",
    }
    words = {"type": "TextBlock", "text": text, "style": "default", "wrap": wrap, "id": "body"}
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [heading, words],
        "msteams": {"width": "full"},
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": content}]}
