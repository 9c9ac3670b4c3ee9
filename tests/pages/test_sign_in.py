"""Signing in at the pages: who gets in, and everybody who must not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from driver.visitor import HERE, PORT, Clock, Visitor, codes, words_of
from sqlalchemy import insert, select

from config.settings import Settings
from flows.demo.demo import CaughtPost
from flows.demo.post_catcher import Catcher
from pages.application import application
from pages.guard import FROM_ELSEWHERE, NOT_HERE, Guard
from pages.running import Running, may_sign_in_by_name
from safeguarding.law.rulebook import Rulebook
from tasks.record import sign_in
from tasks.record.installation import Installation, open_installation
from tasks.record.sign_in import EXPIRED, NOT_ASKED, TOO_MANY_WRONG, USED, WRONG
from tasks.store import heartbeat
from tasks.store.session import reading, writing
from tasks.store.tables import sessions, sign_in_codes

ALEX = "alex@exampleshire.example"
Code = Callable[[], str]


def test_the_code_of_the_letter_lets_its_reader_in(visitor: Visitor, newest: Code, caught: Catcher) -> None:
    """Whatever capitals were typed; the letter goes to the address of the file; the page says who is signed in."""
    visitor.get("/")
    assert "/sign-in" == visitor.path
    visitor.post("/sign-in", address="Alex@Exampleshire.Example")
    assert ("/sign-in/code", [ALEX]) == (visitor.path, [to for to, _ in codes(caught.folder)])
    visitor.post("/sign-in/code", code=f"{newest()[:3]} {newest()[3:]}")
    assert "/" == visitor.path
    assert "Signed in as Alex Example" in visitor.words


def test_no_answer_tells_whether_an_address_is_anybodys(served: Guard, newest: Code, caught: Catcher) -> None:
    """Somebody, nobody, and somebody asked too often: the same pages to the letter; letters leave to one alone."""

    def answers(address: str) -> list[str]:
        visitor, seen = Visitor(served), []
        visitor.get("/sign-in")
        for _ in range(6):
            visitor.post("/sign-in", address=address)
            seen.append(f"{visitor.page.status_code} {visitor.words.replace(address, 'ADDRESS')}")
            visitor.get("/sign-in")
        visitor.get("/sign-in/code")
        visitor.post("/sign-in/code", code="000000")
        return [*seen, visitor.words]

    assert answers(ALEX) == answers("nobody@exampleshire.example")
    assert 5 == len(codes(caught.folder))


def test_a_code_is_good_once(visitor: Visitor, newest: Code) -> None:
    """The same code again, typed in the same browser after signing out."""
    visitor.sign_in(ALEX, newest)
    cookies = dict(visitor.client.cookies)
    visitor.post("/sign-out")
    assert "You are signed out." in visitor.words
    visitor.get("/sign-in/code")
    visitor.post("/sign-in/code", code=newest())
    assert ("/sign-in/code", True) == (visitor.path, NOT_ASKED in visitor.words)
    visitor.client.cookies.update(cookies)
    assert "/sign-in" == visitor.get("/").url.path, "the session of before is ended, and not only forgotten"


def test_a_code_that_was_used_is_refused_as_used(visitor: Visitor, newest: Code) -> None:
    """Pressed twice, or gone back to: it says that it was used, and lets nobody in."""
    visitor.get("/sign-in")
    before = dict(visitor.client.cookies)
    visitor.post("/sign-in", address=ALEX)
    form = visitor.token
    visitor.post("/sign-in/code", code=newest())
    visitor.client.cookies.clear()
    visitor.client.cookies.update(before)
    visitor.post("/sign-in/code", token=form, code=newest())
    assert (422, True) == (visitor.page.status_code, USED in visitor.words)


def test_pressing_sign_in_twice_leads_to_the_page_that_was_wanted(visitor: Visitor, newest: Code) -> None:
    """The second press of the same page comes when the first has signed them in: no word of a refusal."""
    visitor.get("/reviews")
    visitor.post("/sign-in", address=ALEX, next="/reviews")
    form = visitor.token
    for _ in range(2):
        visitor.post("/sign-in/code", token=form, code=newest(), next="/reviews")
        assert (200, "/reviews") == (visitor.page.status_code, visitor.path)
        assert "Signed in as Alex Example" in visitor.words


def test_whoever_is_signed_in_is_signed_in_as_nobody_else_by_a_form_of_before(
    installation: Installation, clock: Clock
) -> None:
    """By name, in the demo: a second name, with a token of before or a made-up one, begins nothing and leads on."""
    demo = Visitor(application(Running(installation, by_name=True, clock=clock), PORT))
    demo.get("/sign-in")
    form = demo.token
    demo.post("/sign-in/by-name", token=form, person="glenn_sample")
    for token in (form, "0" * 64):
        demo.post("/sign-in/by-name", token=token, person="alex_example", next="https://evil.example/")
        assert (200, HERE + "/") == (demo.page.status_code, str(demo.page.url))
        assert "Signed in as Glenn Sample" in demo.words
    assert 1 == sign_in.how_many(installation.records)
    demo.post("/sign-in/by-name", person="alex_example", headers={"origin": "https://evil.example"})
    assert (403, FROM_ELSEWHERE) == (demo.page.status_code, demo.page.text)
    stranger = Visitor(application(Running(installation, by_name=True, clock=clock), PORT))
    stranger.get("/sign-in")
    stranger.post("/sign-in/by-name", token=form, person="glenn_sample")
    assert (403, 1) == (stranger.page.status_code, sign_in.how_many(installation.records))


def test_a_code_is_good_for_ten_minutes(visitor: Visitor, newest: Code, clock: Clock) -> None:
    """The eleventh minute is too late, and the page says so."""
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=ALEX)
    clock.later(minutes=10, seconds=1)
    visitor.post("/sign-in/code", code=newest())
    assert EXPIRED in visitor.words


def test_anothers_code_lets_nobody_in(served: Guard, newest: Code) -> None:
    """A code that came to one browser is nothing in another, even of the same mailbox."""
    mine, other = Visitor(served), Visitor(served)
    for visitor, address in ((mine, ALEX), (other, "billie@exampleshire.example")):
        visitor.get("/sign-in")
        visitor.post("/sign-in", address=address)
    mine.post("/sign-in/code", code=newest())
    assert (WRONG in mine.words, "/sign-in/code") == (True, mine.path)
    other.post("/sign-in/code", code=newest())
    assert "Signed in as Billie Example" in other.words


def test_guessing_ends_after_five_tries(visitor: Visitor, newest: Code) -> None:
    """The right code is too late then, and says what to do."""
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=ALEX)
    wrong = "111111" if newest() != "111111" else "222222"
    said = []
    for _ in range(5):
        visitor.post("/sign-in/code", code=wrong)
        said.append(WRONG in visitor.words)
    visitor.post("/sign-in/code", code=newest())
    assert ([True] * 4 + [False], True) == (said, TOO_MANY_WRONG in visitor.words)


def test_only_the_newest_code_counts(visitor: Visitor, newest: Code) -> None:
    """Whoever asks twice types the code of the second letter."""
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=ALEX)
    first = newest()
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=ALEX)
    visitor.post("/sign-in/code", code=first)
    assert WRONG in visitor.words or first == newest()
    visitor.post("/sign-in/code", code=newest())
    assert "Signed in as Alex Example" in visitor.words


@pytest.mark.parametrize("typed", ["", "alex", "alex@", "a@b.example, c@d.example", "x" * 5000, "alex@exämple\x00"])
def test_what_is_no_address_is_said_to_be_none(visitor: Visitor, typed: str) -> None:
    """The field is named, and what was typed stands in it again."""
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=typed)
    assert (422, True) == (visitor.page.status_code, "Enter your email address" in visitor.words)


# --------------------------------------------------------------------------- the session


def test_a_session_ends_after_an_hour_without_a_page(alex: Visitor, clock: Clock) -> None:
    """Fifty minutes, a page, fifty minutes: still in. An hour and a minute: out, and told why."""
    for _ in range(2):
        clock.later(minutes=50)
        assert 200 == alex.get("/").status_code
        assert "Signed in as" in alex.words
    clock.later(minutes=61)
    alex.get("/reviews")
    assert ("/sign-in", True) == (alex.path, "You are signed in no more" in alex.words)


def test_a_session_ends_after_twelve_hours(alex: Visitor, clock: Clock) -> None:
    """However busy somebody is."""
    for _ in range(24):
        clock.later(minutes=30)
        alex.get("/")
    assert "Signed in as" in alex.words
    clock.later(minutes=1)
    alex.get("/")
    assert "/sign-in" == alex.path


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"away": ({"from": "2026-11-30", "to": "2026-11-30"},)}, "/"),
        ({"until": "2026-11-29"}, "/sign-in"),
        ({"email": "alex.anew@exampleshire.example"}, "/sign-in"),
    ],
)
def test_whoever_no_longer_serves_is_out_at_the_next_page(
    alex: Visitor, installation: Installation, rulebook: Rulebook, changed: dict[str, Any], where: str
) -> None:
    """Whose last day was yesterday, and who has another mailbox by now; somebody who is only away stays in."""
    before = rulebook.partnership.person("alex_example")
    after = type(before).model_validate(before.model_dump(by_alias=True) | changed)
    people = tuple(after if one.id == after.id else one for one in rulebook.partnership.people)
    partnership = rulebook.partnership.model_copy(update={"people": people})
    installation.rulebook = rulebook.model_copy(update={"partnership": partnership})
    alex.get("/")
    assert where == alex.path


def test_a_stolen_or_made_up_token_is_nobody(alex: Visitor, served: Guard) -> None:
    """What lies in the table opens nothing; nor does what was made up; nor a cookie that is no token."""
    assert "Signed in as" in alex.get("/").text
    for token in ("0" * 64, "x" * 43, "' OR 1=1 --", ""):
        other = Visitor(served)
        other.client.cookies.set("session", token, domain="127.0.0.1")
        assert "/sign-in" == other.get("/").url.path


def test_what_the_table_holds_opens_nothing(alex: Visitor, installation: Installation, newest: Code) -> None:
    """Neither a token nor a code nor an address lies in the record in clear."""
    token = alex.client.cookies["session"]
    with reading(installation.records.engine) as connection:
        rows = [str(tuple(row)) for table in (sessions, sign_in_codes) for row in connection.execute(select(table))]
    assert 2 == len(rows)
    assert [] == [row for row in rows for secret in (token, newest(), ALEX) if secret in row]


def test_cookies_are_for_this_page_alone(alex: Visitor, installation: Installation, caught: Catcher) -> None:
    """No script reads them, no other site sends them; behind https they never go without it, whatever the browser."""
    kept = [one for one in alex.page.history[-1].headers.get_list("set-cookie") if one.startswith("session=")]
    assert [("HttpOnly" in one, "SameSite=lax" in one, "Secure" in one) for one in kept] == [(True, True, False)]
    public = installation.settings.model_copy(update={"pages_address": "https://desk.example"})
    running = Running(
        Installation(public, installation.rulebook, installation.records), post=lambda: CaughtPost(caught)
    )
    visitor = Visitor(application(running, PORT))
    answer = visitor.get("/sign-in", headers={"host": "desk.example"})
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-browser=")
    assert "Secure" in cookie
    assert "max-age" in answer.headers["strict-transport-security"]


# --------------------------------------------------------------------------- forged


def test_a_form_from_elsewhere_is_refused(alex: Visitor) -> None:
    """By its origin, by what the browser says of its site, by the page it comes from, by a token it cannot know."""
    token = alex.token
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/127.0.0.1:4300/"},
        {"origin": HERE, "sec-fetch-site": "cross-site"},
    ):
        alex.post("/sign-out", headers=headers, token=token)
        assert (403, FROM_ELSEWHERE) == (alex.page.status_code, alex.page.text)
    alex.post("/sign-out", token="0" * 64)
    assert (403, True) == (alex.page.status_code, "open too long" in alex.words)
    assert "Signed in as" in alex.get("/").text


def test_the_token_of_one_browser_is_nothing_in_another(served: Guard, alex: Visitor) -> None:
    """Whoever has a page of their own has not got anybody else's."""
    other = Visitor(served)
    other.get("/sign-in")
    alex.post("/sign-out", token=other.token)
    assert 403 == alex.page.status_code


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:4300.evil.example", ""])
def test_another_host_is_answered_nothing(visitor: Visitor, host: str) -> None:
    """A name that is led to this machine from outside shows no page."""
    answer = visitor.get("/sign-in", headers={"host": host})
    assert (403, NOT_HERE) == (answer.status_code, answer.text)


def test_nobody_is_led_to_another_site(visitor: Visitor, newest: Code) -> None:
    """Where somebody wanted to go is a page of ours, or it is the first page."""
    for wanted in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/reviews\r\nX: y",
        "/reviews//../x y",
    ):
        visitor.get("/sign-in", params={"next": wanted})
        visitor.post("/sign-in", address=ALEX, next=wanted)
        visitor.post("/sign-in/code", code=newest(), next=wanted)
        assert ("127.0.0.1", "/") == (visitor.page.url.host, visitor.path)
        visitor.post("/sign-out")


def test_more_than_a_form_holds_is_refused(visitor: Visitor) -> None:
    """By bytes, by fields, and by what is no text."""
    visitor.get("/sign-in")
    assert 413 == visitor.post("/sign-in", address="a" * 30_000).status_code
    visitor.get("/sign-in")
    assert 400 == visitor.post("/sign-in", **{f"f{n}": "x" for n in range(80)}).status_code


def test_every_answer_is_closed_to_others(visitor: Visitor) -> None:
    """A page, a refusal, a file, and what is not there: none may be framed, sniffed, kept or load from elsewhere."""
    for path in ("/sign-in", "/nowhere", "/static/pages.css", "/static/../__init__.py"):
        headers = visitor.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert ("DENY", "nosniff") == (headers["x-frame-options"], headers["x-content-type-options"])
        assert ("no-store" in headers["cache-control"]) != path.endswith(".css")


def test_the_head_of_a_page_is_answered_as_the_page_is(served: Guard, alex: Visitor) -> None:
    """As whoever watches asks: each page, its file, what is only sent to, what is not there; never a body."""
    for browser in (Visitor(served), alex):
        for path in ("/", "/sign-in", "/reviews", "/static/pages.css", "/sign-out", "/nowhere"):
            whole = browser.get(path, follow_redirects=False)
            head = browser.head(path)
            assert (whole.status_code, b"") == (head.status_code, head.content), path
            same = ("content-type", "content-length", "location", "content-security-policy", "cache-control")
            assert [whole.headers.get(one) for one in same] == [head.headers.get(one) for one in same], path
    assert 403 == alex.head("/sign-in", headers={"host": "evil.example"}).status_code


def test_no_page_has_a_script_or_a_style_in_it(visitor: Visitor, alex: Visitor) -> None:
    """The policy would stop them, and the page would look broken."""
    for path in ("/", "/sign-in", "/sign-in/code", "/nowhere"):
        html = alex.get(path).text
        assert [] == re.findall(r"<style|\sstyle=|\son\w+=|<script(?! type=\"module\" src=\"/static/)|https?://", html)


# --------------------------------------------------------------------------- several, none, and the demo


def test_the_readers_of_one_mailbox_say_who_they_are(
    visitor: Visitor, installation: Installation, rulebook: Rulebook, newest: Code, clock: Clock
) -> None:
    """Asked once the code is typed; nobody else can be chosen; ten minutes later nobody at all."""
    billie = rulebook.partnership.person("billie_example").model_copy(update={"email": ALEX})
    people = tuple(billie if one.id == billie.id else one for one in rulebook.partnership.people)
    partnership = rulebook.partnership.model_copy(update={"people": people})
    installation.rulebook = rulebook.model_copy(update={"partnership": partnership})
    visitor.sign_in(ALEX, newest)
    assert "/sign-in/who" == visitor.path
    assert ["Alex Example", "Billie Example"] == re.findall(
        r"radios__label\" for=\"[\w-]+\">([^<]+)<", visitor.page.text
    )
    visitor.post("/sign-in/who", person="glenn_sample")
    assert "Choose who you are" in visitor.words
    visitor.post("/sign-in/who", person="billie_example")
    assert "Signed in as Billie Example" in visitor.words
    visitor.get("/your-sign-in")
    visitor.post("/your-sign-in/begin")
    assert "does not prove which of them you are" in visitor.words, "nor sets one up an authenticator as another"
    assert "pages-key" not in visitor.page.text
    visitor.post("/sign-out")
    visitor.sign_in(ALEX, newest)
    clock.later(minutes=11)
    visitor.post("/sign-in/who", person="alex_example")
    assert "/sign-in" == visitor.path


def test_the_demo_alone_offers_its_people_by_name(
    installation: Installation, served: Guard, caught: Catcher, clock: Clock
) -> None:
    """A press signs in; without the demo's flag, and on a record that is no simulation, there is no such way."""
    demo = Visitor(application(Running(installation, by_name=True, post=lambda: CaughtPost(caught), clock=clock), PORT))
    demo.get("/sign-in")
    assert "Glenn Sample" in demo.words
    assert "Sam Sample director of children's services" in demo.words and "local authority dcs" not in demo.words
    demo.post("/sign-in/by-name", person="glenn_sample")
    assert "Signed in as Glenn Sample" in demo.words
    plain = Visitor(served)
    plain.get("/sign-in")
    assert "Glenn Sample" not in plain.words
    plain.post("/sign-in/by-name", person="glenn_sample")
    assert 403 == plain.page.status_code
    stolen = Visitor(served)
    stolen.client.cookies.set("session", demo.client.cookies["session"], domain="127.0.0.1")
    assert "/sign-in" == stolen.get("/").url.path, "a session of the demo's way is none where there is no such way"


def test_a_real_record_never_offers_anybody_by_name(tmp_path: Path, clock: Clock) -> None:
    """Whatever flag was given: the record says that it is no simulation."""
    settings = Settings().model_copy(update={"home": tmp_path / "own", "database_url": None, "partnership": None})
    with open_installation(clock.at, settings) as own:
        assert not may_sign_in_by_name(own)
        assert not Running(own, by_name=True).by_name


def test_a_letter_that_cannot_leave_is_a_finding(installation: Installation, clock: Clock, caught: Catcher) -> None:
    """The page says the same; health says that no code was sent, and no more once one was."""
    post = CaughtPost(caught)
    server, post.mail_url = post.mail_url, "mailto://127.0.0.1:1?mode=insecure"
    visitor = Visitor(application(Running(installation, post=lambda: post, clock=clock), PORT))
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=ALEX)
    assert "/sign-in/code" == visitor.path
    with reading(installation.records.engine) as connection:
        (trouble,) = heartbeat.troubles(connection).values()
    assert trouble.startswith("no code was sent")
    post.mail_url = server
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=ALEX)
    with reading(installation.records.engine) as connection:
        assert {} == heartbeat.troubles(connection)


def test_what_is_over_is_forgotten(visitor: Visitor, installation: Installation, clock: Clock) -> None:
    """Codes of another day and sessions past their limit leave the record when the next code is asked for."""
    records = installation.records
    old = {"token": "0" * 64, "person": "alex_example", "address": "0" * 64, "proof": "code"}
    with writing(records.engine) as connection:
        connection.execute(insert(sessions), old | {"begun_at": clock.at, "seen_at": clock.at})
    sign_in.ask_for_code(records, "a browser", ALEX, clock.at)
    clock.later(days=1, minutes=1)
    sign_in.ask_for_code(records, "a browser", ALEX, clock.at)
    with reading(records.engine) as connection:
        counts = [len(connection.execute(select(table)).all()) for table in (sessions, sign_in_codes)]
    assert [0, 1] == counts


def test_a_fault_is_said_in_plain_words(
    visitor: Visitor, installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """The record is gone: no traceback and no word of what was typed, on the page or in the log."""
    visitor.get("/sign-in")
    installation.records.engine.dispose()
    (installation.settings.home / "record.sqlite3").unlink()
    for name in ("record.sqlite3-wal", "record.sqlite3-shm"):
        (installation.settings.home / name).unlink(missing_ok=True)
    visitor.post("/sign-in", address="canary@canary.example")
    assert (500, True) == (
        visitor.page.status_code,
        "Something went wrong, and nothing was changed." in visitor.page.text,
    )
    assert "Traceback" not in words_of(visitor.page.text)
    assert "canary" not in caplog.text
