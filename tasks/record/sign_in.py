"""
Who is at the pages: a code that goes to the mailbox of the partnership's file, or one of an authenticator where
somebody has set one up; and the session that it begins.

Codes, tokens and addresses are kept only as what a key makes of them. Nothing here tells whether an address is
anybody's, or who has an authenticator: a code is kept for every address alike, and sent where somebody awaits one.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from safeguarding.dates.london import say_moment
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from tasks.record import authenticators
from tasks.record.records import Records
from tasks.store.sealing import Keyring
from tasks.store.session import reading, writing
from tasks.store.tables import sessions, sign_in_codes

DIGITS = 6
GOOD_FOR = timedelta(minutes=10)
TRIES = 5
"""Wrong codes before one is good no more."""
CODES_AN_HOUR = 5
"""
For one address, from all browsers that it never signed in by together, and again from each by which it did: with five
tries each, one guess in forty thousand succeeds within an hour, and a stranger uses up nobody's own.
"""
IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)
"""Without a page for so long, or after so long in all, somebody signs in again: a working day with its lunch."""
NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when somebody was last seen: a page that is only read need not write."""
FORGOTTEN_AFTER = timedelta(days=1)

HowProved = Literal["code", "authenticator", "demo"]
"""How somebody proved who they are: by a mailed code, by their authenticator, or not at all, in the demo."""


class SignInRefused(SafeguardingError):
    """Somebody could not be let in at the pages. The words say why and what to do, and never whether anybody exists."""

    code = "sign-in-refused"

    def __init__(self, words: str, locked: tuple[str, ...] = ()) -> None:
        super().__init__(words, words, locked)
        self.locked = locked
        """Whose authenticator is locked by this try: they are told by mail, and the page tells nobody."""


NOT_ASKED = "No code was asked for in this browser. Begin again with your address."
EXPIRED = "That code has expired: a code is good for ten minutes. Ask for another."
USED = "That code was used already: a code is good once. Ask for another."
WRONG = (
    "That is neither the code in the newest letter nor a new one of your authenticator. Check the six figures and type "
    "them again; an authenticator's code is good once, so wait for its next one."
)
LOCKED = (
    "That code is right, but ten wrong ones were typed before it, so none of your authenticator is taken until "
    "{until}. If you did not type them, tell the partnership's business unit."
)
TOO_MANY_WRONG = "A wrong code was typed five times, so this code is good no more. Ask for another."


@dataclass(frozen=True, slots=True)
class ProvedPeople:
    """Who may be signed in by what was typed, and how they proved it: of several readers of a mailbox one is chosen."""

    people: tuple[Person, ...]
    proof: HowProved


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever is signed in: their id, how they proved it, since when."""

    person: str
    proof: HowProved
    begun_at: datetime


def people_at(address: str, partnership: Partnership) -> tuple[Person, ...]:
    """Who reads a mailbox, of those who serve now. Capital and small letters are not told apart."""
    typed = address.strip().casefold()
    return tuple(one for one in partnership.people if one.email is not None and one.email.casefold() == typed)


def who_await_a_letter(records: Records, address: str, partnership: Partnership) -> tuple[Person, ...]:
    """Who reads a mailbox and has no authenticator: to them a code is sent."""
    readers = people_at(address, partnership)
    enrolled = authenticators.everybody(records)
    return tuple(one for one in readers if one.id not in enrolled)


# --------------------------------------------------------------------------- the code


def ask_for_code(records: Records, browser: str, address: str, now: datetime, known: str = "") -> str:
    """
    Keep a new code for this address and browser, and give it in clear, to be sent and forgotten. Raises SignInRefused.

    Asked of every address alike: whether a letter leaves is decided elsewhere. `known` is what a browser by which
    somebody was signed in before has kept.
    """
    now = _plain(now)
    authenticators.keys_of(records)  # Of now: the code is judged by it.
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = {
        "browser": _veiled(records, "browser", browser),
        "address": _address(records, address),
        "code": _veiled(records, "code", f"{browser}|{code}"),
        "sent_at": now,
        "until": now + GOOD_FOR,
        "wrong": 0,
        "used_at": None,
        "begun_at": None,
        "known": _known(records, known, address),
    }
    with writing(records.engine) as connection:
        if connection.dialect.name == "postgresql":  # Or some who ask at once would all be the fifth.
            connection.execute(select(func.pg_advisory_xact_lock(int(str(row["address"])[:15], 16))))
        connection.execute(delete(sign_in_codes).where(sign_in_codes.c.sent_at < now - FORGOTTEN_AFTER))
        connection.execute(delete(sessions).where(sessions.c.begun_at < now - LONGEST))
        mine = (
            sign_in_codes.c.address == row["address"],
            sign_in_codes.c.sent_at > now - timedelta(hours=1),
            sign_in_codes.c.known.is_not_distinct_from(row["known"]),
        )
        asked, first = connection.execute(select(func.count(), func.min(sign_in_codes.c.sent_at)).where(*mine)).one()
        if asked >= CODES_AN_HOUR:
            minutes = max(1, -(-(first + timedelta(hours=1) - now) // timedelta(minutes=1)))
            words = (
                f"{CODES_AN_HOUR} codes were asked for at this address within the hour, which is as many as are sent."
            )
            again = f"Try again in {minutes} minute{'' if minutes == 1 else 's'}, or use the newest code that you have."
            raise SignInRefused(f"{words} {again}")
        connection.execute(insert(sign_in_codes), row)
    return code


class NewestCode(NamedTuple):
    """What stands of the newest code that was asked for in a browser."""

    known: str
    """How the browser is called, if somebody was signed in by it before by that address; of a stranger's nothing."""
    wrong: int
    """How many wrong ones were typed for it."""


def asked_in(records: Records, browser: str) -> NewestCode:
    """The newest code of a browser, whether or not anybody awaits it: alike for every address."""
    mine = sign_in_codes.c.browser == _veiled(records, "browser", browser)
    newest = select(sign_in_codes.c.known, sign_in_codes.c.wrong).where(mine).order_by(sign_in_codes.c.id.desc())
    with reading(records.engine) as connection:
        row = connection.execute(newest.limit(1)).first()
    return NewestCode(row.known or "", row.wrong) if row is not None else NewestCode("", 0)


def is_known(records: Records, kept: str, address: str) -> bool:
    """Whether a browser that keeps this is one by which somebody was signed in before by this address."""
    return _known(records, kept, address) is not None


def prove(records: Records, browser: str, code: str, partnership: Partnership, now: datetime) -> ProvedPeople:
    """
    The code that was sent last, or one of an authenticator, is typed in the browser that asked. Raises SignInRefused.

    `partnership` is the one of today.
    """
    now, typed, keys = _plain(now), "".join(code.split()), authenticators.keys_of(records)
    mine, veiled = _veiled(records, "browser", browser), _veiled(records, "code", f"{browser}|{typed}")
    readers = {one.id: (one, _address(records, one.email)) for one in partnership.people if one.email}
    with writing(records.engine) as connection:
        newest = select(sign_in_codes).where(sign_in_codes.c.browser == mine).order_by(sign_in_codes.c.id.desc())
        row = connection.execute(newest.limit(1).with_for_update()).first()
        refusal = _stands_against(row, now)
        if row is None or refusal:
            judged: ProvedPeople | SignInRefused = SignInRefused(refusal)
        else:
            here = {name: one for name, (one, address) in readers.items() if address == row.address}
            judged = _judge(connection, keys, row, _Typed(typed, veiled), here, now)
    if isinstance(judged, SignInRefused):
        raise judged
    return judged


class _Typed(NamedTuple):
    """What was typed, and what the record would keep of it were it the code that was sent."""

    code: str
    veiled: str


def _stands_against(row: Row[Any] | None, now: datetime) -> str:
    """Why nothing that is typed is looked at, or nothing."""
    if row is None:
        return NOT_ASKED
    if row.used_at is not None:
        return USED
    if row.wrong >= TRIES:
        return TOO_MANY_WRONG
    return EXPIRED if now > row.until else ""


def _judge(
    connection: Connection, keys: Keyring, row: Row[Any], typed: _Typed, readers: Mapping[str, Person], now: datetime
) -> ProvedPeople | SignInRefused:
    """Note what came of one try, of whoever reads the mailbox: who may be signed in by it, or why nobody."""
    this, enrolled = sign_in_codes.c.id == row.id, authenticators.asked_of(connection)
    by_letter = tuple(one for name, one in readers.items() if name not in enrolled)
    if hmac.compare_digest(row.code, typed.veiled) and by_letter:
        connection.execute(update(sign_in_codes).where(this).values(used_at=now))
        return ProvedPeople(by_letter, "code")
    theirs = [name for name in readers if name in enrolled]
    tried = authenticators.try_code(connection, keys, theirs, typed.code, now, known=row.known is not None)
    if tried.person is not None:
        connection.execute(update(sign_in_codes).where(this).values(used_at=now, begun_at=now))
        return ProvedPeople((readers[tried.person],), "authenticator")
    if tried.locked_until is not None:
        return SignInRefused(LOCKED.format(until=say_moment(tried.locked_until)))
    connection.execute(update(sign_in_codes).where(this).values(wrong=row.wrong + 1))
    return SignInRefused(WRONG if row.wrong + 1 < TRIES else TOO_MANY_WRONG, tried.locked_now)


def proved_people(records: Records, browser: str, partnership: Partnership, now: datetime) -> tuple[Person, ...]:
    """
    Who may be signed in by the letter's code that was just proved in this browser: whoever reads its mailbox now and
    has no authenticator.

    Nobody ten minutes later, nor once one of them was chosen.
    """
    now = _plain(now)
    mine = sign_in_codes.c.browser == _veiled(records, "browser", browser)
    newest = select(sign_in_codes).where(mine).order_by(sign_in_codes.c.id.desc()).limit(1)
    with reading(records.engine) as connection:
        row = connection.execute(newest).first()
        enrolled = authenticators.asked_of(connection)
    if row is None or row.used_at is None or row.begun_at is not None or now > row.used_at + GOOD_FOR:
        return ()
    readers = (one for one in partnership.people if one.email and _address(records, one.email) == row.address)
    return tuple(one for one in readers if one.id not in enrolled)


# --------------------------------------------------------------------------- the session


def begin(records: Records, browser: str, person: Person, proof: HowProved, now: datetime) -> str:
    """Sign somebody in; the token for their browser. What was proved in this browser is used up."""
    now, token = _plain(now), secrets.token_urlsafe(32)
    row = {
        "token": _veiled(records, "token", token),
        "person": person.id,
        "address": _address(records, person.email or ""),
        "proof": proof,
        "begun_at": now,
        "seen_at": now,
    }
    used = sign_in_codes.c.browser == _veiled(records, "browser", browser)
    with writing(records.engine) as connection:
        connection.execute(update(sign_in_codes).where(used).values(begun_at=now))
        connection.execute(insert(sessions), row)
    return token


def who(records: Records, token: str, partnership: Partnership, now: datetime) -> SignedIn | None:
    """
    Who is signed in by this token: nobody after the limits, nor once they no longer serve or have another mailbox.

    `partnership` is the one of today.
    """
    now, mine = _plain(now), sessions.c.token == _veiled(records, "token", token)
    with reading(records.engine) as connection:
        row = connection.execute(select(sessions).where(mine)).first()
    if row is None:
        return None
    person = partnership.known(row.person)
    serves = person is not None and _address(records, person.email or "") == row.address
    if not serves or now > row.seen_at + IDLE or now > row.begun_at + LONGEST:
        end(records, token)
        return None
    if now > row.seen_at + NOTED_EVERY:
        with writing(records.engine) as connection:
            connection.execute(update(sessions).where(mine).values(seen_at=now))
    return SignedIn(row.person, row.proof, row.begun_at)


def end(records: Records, token: str) -> None:
    """Sign out: the token lets nobody in any more."""
    with writing(records.engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.token == _veiled(records, "token", token)))


def how_many(records: Records) -> int:
    """How many sessions are kept, those that have run out by now among them."""
    with reading(records.engine) as connection:
        return connection.execute(select(func.count()).select_from(sessions)).scalar_one()


def form_token(records: Records, browser: str) -> str:
    """What each form of our own pages sends along, which a page from elsewhere cannot know."""
    return _veiled(records, "form", browser)


def token_kept(records: Records, token: str) -> str:
    """What the record keeps of a session's token."""
    return _veiled(records, "token", token)


def known_browser(records: Records, address: str) -> str:
    """What a browser keeps by which somebody was signed in: their next codes there are counted apart."""
    device = secrets.token_hex(16)
    return f"{device}{_of_device(records, device, address)}"


def _known(records: Records, kept: str, address: str) -> str | None:
    """The browser that keeps this, if somebody was signed in by it by this address; else none."""
    device, mark = kept[:32], kept[32:]
    right = hmac.compare_digest(mark.encode(), _of_device(records, device, address).encode())
    return _veiled(records, "device", device) if kept and right else None


def _of_device(records: Records, device: str, address: str) -> str:
    return _veiled(records, "known", f"{device}|{address.strip().casefold()}")


def _address(records: Records, address: str) -> str:
    return _veiled(records, "address", address.strip().casefold())


def _veiled(records: Records, purpose: str, words: str) -> str:
    return records.with_keys(lambda _, keys: keys.veiled(purpose, words))


def _plain(moment: datetime) -> datetime:
    """The same moment in Python's own UTC: one of pendulum's loses a zone when something is added to it."""
    return datetime.fromisoformat(moment.astimezone(UTC).isoformat())
