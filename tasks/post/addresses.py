"""
The addresses of a mail server and of a Teams workflow, as the settings give them: Apprise's own notation, and the
https address that Power Automate shows.

They are taken apart here, and refused where they cannot be used: everything that is wrong at once, without a
word of the address itself, since it is a secret.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from email.utils import formataddr
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlencode

from apprise import URLBase
from apprise.utils.parse import is_hostname, parse_bool

from safeguarding.errors import NoticeUndeliverable
from safeguarding.mailbox import read_mailbox
from tasks.post.faults import setting_wrong

with warnings.catch_warnings():
    # Its signing support asks for a module of the standard library that is about to go; we do not sign.
    warnings.simplefilter("ignore", DeprecationWarning)
    from apprise.plugins.email import EMAIL_TEMPLATES

_MAIL = re.compile(r"^mailtos?://", re.I)
_WORKFLOW = re.compile(r"^workflows?://", re.I)
_POWER_AUTOMATE = re.compile(
    r"^https://(?P<host>[\w.-]+)(:(?P<port>[1-9]\d{0,4}))?"
    r"(?P<direct>/powerautomate/automations/direct(/cu/(?P<route>\d+))?)?"
    r"/workflows/(?P<id>[\w-]+)/triggers/manual/paths/invoke/?\?(?P<options>.+)$",
    re.I | re.A,
)
_TOKEN = re.compile(r"^[\w-]+$", re.A)
_PORTS = {"starttls": 587, "ssl": 465, "insecure": 25}
_OLDER, _NEWER = "2016-06-01", "2022-03-01-preview"
"""The versions of Power Automate's interface, as Apprise names them where an address names none."""

_HOW_OFTEN = {"cto", "rto", "retry", "wait", "optional", "redirect"}
_HOW_IT_LOOKS = {"overflow", "format", "emojis", "tz", "store", "image", "inline"}
_WHOM_ELSE = {"to", "cc", "bcc"}
_IDLE = frozenset(_HOW_OFTEN | _HOW_IT_LOOKS | _WHOM_ELSE)
"""Options of Apprise that do nothing here: all that is the same for everybody, and a letter goes to one person only."""

_OF_MAIL = frozenset({"from", "mode", "name", "pass", "password", "port", "reply", "smtp", "user", "verify"})
_OF_WORKFLOWS = frozenset(
    {"api-version", "id", "pa", "powerautomate", "route", "routeid", "sig", "signature", "sp", "sv", "ver", "verify"}
    | {"workflow", "wrap"}
)
_OF_THE_LETTER = frozenset({"subject", "from", "to", "cc", "bcc", "date", "message-id", "reply-to", "mime-version"})
_OURS = "x-safeguarding-"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server: where it is, how it is spoken to, who signs in, and what it wants in every letter."""

    host: str
    port: int
    mode: str
    """`starttls`, `ssl` or `insecure`."""
    verify: bool
    user: str
    password: str = field(repr=False)
    sender: tuple[str, str] | None
    """The name and the address that letters come from, or None if the address of the server has no `from`."""
    reply_to: tuple[str, ...]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A Teams workflow: the address that a card is posted to, and how."""

    host: str
    port: int
    url: str = field(repr=False)
    verify: bool
    wrap: bool


@lru_cache(maxsize=16)
def read_mail_server(address: str) -> MailServer:
    """The mail server of an Apprise address. Raises NoticeUndeliverable, in words, if it is none that can be used."""
    if not _MAIL.match(address):
        raise _quoted(address, "the mail server's address") or setting_wrong(
            "the mail server's address does not begin with mailto:// or mailtos://"
        )
    parts = _parts_of(address, "the mail server's address")
    options, faults = parts["qsd"], _strange(parts["qsd"], _OF_MAIL)
    user, password = unquote(parts["user"] or ""), unquote(parts["password"] or "")
    if not (user + password).isascii():
        faults.append("the user or the password has letters that no mail server takes")
    host = parts["host"] if _is_host(parts["host"]) else user.partition("@")[2]
    known = {} if options.get("smtp") else _provider(user, host)
    smtp = unquote(options.get("smtp") or "") or known.get("smtp_host") or host
    if not _is_host(smtp):
        faults.append("it names no server")
    usual = "starttls" if parts["schema"] == "mailtos" else "insecure"
    mode = (options.get("mode") or known.get("secure_mode") or usual).lower()
    if mode not in _PORTS:
        faults.append(f"`mode` is none of {', '.join(_PORTS)}")
    made = MailServer(
        host=smtp.strip("[]"),
        port=_port(parts["port"], known.get("port") or _PORTS.get(mode, 0), faults),
        mode=mode,
        verify=_yes("verify", options, True, faults),
        user=_signs_in_as(user, host, known),
        password=password,
        sender=_sender(options, user, host, faults),
        reply_to=_replies(options, faults),
        headers=_headers(parts["qsd+"], faults),
    )
    _refuse("the mail server's address", faults)
    return made


@lru_cache(maxsize=256)
def read_workflow(address: str) -> Workflow:
    """The Teams workflow of an address. Raises NoticeUndeliverable, in words, if it is none that can be used."""
    shown = _POWER_AUTOMATE.match(address)
    if shown is None and not _WORKFLOW.match(address):
        raise _quoted(address, "the Teams address") or setting_wrong(
            "the Teams address is not one of a workflow: it begins with workflow://"
        )
    parts = _parts_of(_in_apprises_words(shown) if shown else address, "the Teams address")
    # What Microsoft puts into an address is Microsoft's: only one in Apprise's words is held to what is known.
    options, faults = parts["qsd"], [] if shown else _strange(parts["qsd"], _OF_WORKFLOWS)
    if not _is_host(parts["host"]):
        faults.append("it names no server")
    port = _port(parts["port"], 443, faults)
    made = Workflow(
        host=parts["host"],
        port=port,
        url=f"https://{parts['host']}:{port}{_place(parts['fullpath'], options, faults)}",
        verify=_yes("verify", options, True, faults),
        wrap=_yes("wrap", options, True, faults),
    )
    _refuse("the Teams address", faults)
    return made


# --------------------------------------------------------------------------- what both have


def _quoted(address: str, whose: str) -> NoticeUndeliverable | None:
    """What is most often wrong with a secret: the quotation marks of a shell or a YAML file were kept around it."""
    marks = address.strip()[:1] in {"'", '"', "\u2018", "\u201c"}
    return setting_wrong(f"{whose} stands in quotation marks: give it without them") if marks else None


def _parts_of(address: str, whose: str) -> dict[str, Any]:
    """An address taken apart as Apprise does it; an option's «+» is a space, as in any address."""
    parts: dict[str, Any] | None = URLBase.parse_url(address.rstrip("?&"), verify_host=False, plus_to_space=True)
    if not parts:
        raise setting_wrong(f"{whose} cannot be used: it is none that can be read")
    return parts


def _refuse(whose: str, faults: list[str]) -> None:
    if faults:
        raise setting_wrong(f"{whose} cannot be used: {'; '.join(faults)}")


def _strange(options: dict[str, str], known: frozenset[str]) -> list[str]:
    """
    That an option is not known here: what would be left undone without a word is refused.

    It is not named: where a sign of a password was left as it is, what looks like an option is a piece of it.
    """
    strange = [name for name in options if name and name not in known | _IDLE and not name.startswith("+")]
    return [f"an option of it is none of {', '.join(sorted(known))}"] * bool(strange)


def _is_host(host: str) -> bool:
    return bool(is_hostname(host))


def _yes(name: str, options: dict[str, str], default: bool, faults: list[str]) -> bool:
    answer = parse_bool(options[name], None) if options.get(name) else default
    if answer is None:
        faults.append(f"`{name}` is neither yes nor no")
    return bool(answer)


def _port(given: Any, default: int, faults: list[str]) -> int:
    port = str(given or default)
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        faults.append("its port is none")
        return default
    return int(port)


# --------------------------------------------------------------------------- what mail has


def _provider(user: str, host: str) -> dict[str, Any]:
    """What Apprise knows of the mail servers of large providers: `mailtos://user:password@gmail.com` is enough."""
    whole = f"{user.split('@')[0]}@{host}" if user else host
    return next((known for _, pattern, known in EMAIL_TEMPLATES if pattern.match(whole)), {})


def _signs_in_as(user: str, host: str, known: dict[str, Any]) -> str:
    """The user as this provider wants it: the whole address, or what stands before its «@»."""
    wanted = known.get("login_type", ())
    if user and wanted:
        return user.split("@")[0] if "UserID" in wanted else user if "@" in user else f"{user}@{host}"
    return user


def _sender(options: dict[str, str], user: str, host: str, faults: list[str]) -> tuple[str, str] | None:
    """The sender that an address names; where it names only a name, the address is that of who signs in."""
    given, name = unquote(options.get("from") or ""), unquote(options.get("name") or "")
    if not given:
        return None
    if not (name or given).isprintable():
        faults.append("the name of its sender has a sign that cannot be seen")
        return None
    if found := _named(given):
        return name or found[0], found[1]
    if user and "@" not in given and (own := _named(user if "@" in user else f"{user}@{host}")):
        return given, own[1]
    faults.append("`from` is no address")
    return None


def _replies(options: dict[str, str], faults: list[str]) -> tuple[str, ...]:
    found = [_named(one) for one in _BETWEEN.split(options.get("reply", "")) if one.strip()]
    if not all(found):
        faults.append("`reply` is no address")
    return tuple(formataddr(one) for one in found if one)


_BETWEEN = re.compile(r'[,;](?=(?:[^"]*"[^"]*")*[^"]*$)')
"""What stands between two addresses: a comma that is not within the quotation marks of a name."""


def _named(given: str) -> tuple[str, str] | None:
    """Name and mailbox of «The Unit <unit@council.example>», or of the address alone; None if there is no such one."""
    name, bracket, rest = given.strip().rpartition("<")
    whole = not bracket or rest.endswith(">")
    try:
        return (name.strip().strip('"'), read_mailbox(rest.removesuffix(">") if bracket else rest)) if whole else None
    except ValueError:
        return None


def _headers(given: dict[str, str], faults: list[str]) -> dict[str, str]:
    headers = {unquote(name): unquote(words) for name, words in given.items()}
    for name, words in headers.items():
        ours = name.lower() in _OF_THE_LETTER or name.lower().startswith(("content-", _OURS))
        if ours or not re.fullmatch(r"[!-9;-~]+", name) or not words.isprintable():
            faults.append("a `+` option is no header that a letter may be given")
    return headers


# --------------------------------------------------------------------------- what a workflow has


def _in_apprises_words(shown: re.Match[str]) -> str:
    """The address that Power Automate shows, as Apprise would write it."""
    port = f":{shown['port']}" if shown["port"] else ""
    direct = f"&pa=yes&route={shown['route'] or ''}" if shown["direct"] else ""
    return f"workflow://{shown['host']}{port}/{shown['id']}/?{shown['options']}{direct}"


def _place(path: str | None, options: dict[str, str], faults: list[str]) -> str:
    """What stands after the server in the address of a workflow, the signature included."""
    tokens = URLBase.split_path(path)
    workflow = unquote(options.get("workflow") or options.get("id") or (tokens.pop(0) if tokens else ""))
    signature = unquote(options.get("signature") or options.get("sig") or (tokens.pop(0) if tokens else ""))
    if not _TOKEN.match(workflow):
        faults.append("it names no workflow")
    if not _TOKEN.match(signature):
        faults.append("it has no signature, or one with letters that no signature has")
    route = options.get("route") or options.get("routeid") or ""
    if not re.fullmatch(r"[0-9]*", route):
        faults.append("`route` is no number")
    direct = _yes("powerautomate" if "powerautomate" in options else "pa", options, False, faults)
    version = options.get("api-version") or options.get("ver") or (_NEWER if direct else _OLDER)
    query = {"api-version": unquote(version), "sp": "/triggers/manual/run", "sv": "1.0", "sig": signature}
    before = f"/powerautomate/automations/direct{f'/cu/{route}' if route else ''}" if direct else ""
    return f"{before}/workflows/{workflow}/triggers/manual/paths/invoke?{urlencode(query)}"
