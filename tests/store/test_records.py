"""The record: one step is one transaction, on both databases, whatever happens in the middle of it."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from benchmarks.transitions import FIRST, path
from sqlalchemy import select, text, update

from safeguarding import lifecycle
from safeguarding.dates import london
from safeguarding.errors import NoSuchReview, TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import Ladders
from safeguarding.review.events import REFUSED, Actor, Attestation
from safeguarding.review.fold import fold
from tasks.record.erasing import erase_text
from tasks.record.new_reviews import OPENING
from tasks.record.records import Records, open_record
from tasks.record.sweep import sweep
from tasks.store import outbox
from tasks.store.identity import letters
from tasks.store.latest import Latest
from tasks.store.sealing import ERASED, KEY_FILE, Keyring, MasterKeyMissing, MasterKeyWrong
from tasks.store.session import connect, reading, writing
from tasks.store.tables import deadlines, metadata, reviews
from tasks.store.whereabouts import AddressUnfit

CANARY = "Violet Canary of 3 Nest Lane, Óvár"
PROJECTIONS = ("reviews", "deadlines", "requests", "actions", "register", "rungs")
Walk = Callable[..., str]


@pytest.fixture
def manager(rulebook: Rulebook) -> Actor:
    """The business manager of the example partnership."""
    return Actor(person=rulebook.partnership.holders("business_manager")[0].id)


@pytest.fixture
def partner(rulebook: Rulebook) -> Actor:
    """A delegated safeguarding partner, by a minute."""
    person = rulebook.partnership.holders("delegated_partner")[0].id
    return Actor.model_validate({"person": person, "attestation": "minuted", "minute": "DSP 1/26"})


def referral(track: str = "children", **given: Any) -> dict[str, Any]:
    """A referral by the family, as it is filled in."""
    concern = {
        "children": "learning request",
        "adults": "serious abuse or neglect of an adult",
    }[track]
    form = {"track": track, "received_on": "2026-03-02", "referred_by": "family", "concern": concern, "summary": CANARY}
    return form | given


NOT_SERIOUS = {
    "decided_on": "2026-03-02",
    "reason": CANARY,
    "learning_route": "none",
    "acknowledged_on": "2026-03-02",
}


def dump(records: Records, *names: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables (all of them if none is named), in an order of its own, ids apart."""
    found = {}
    with reading(records.engine) as connection:
        for name, table in metadata.tables.items():
            if names and name not in names:
                continue
            columns = [column for column in table.columns if column is not table.autoincrement_column]
            found[name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=str)
    return found


# --------------------------------------------------------------------------- one step


def test_opening_gives_the_first_reference_and_pseudonym(records: Records, manager: Actor) -> None:
    """A child and an adult are referred: each track counts for itself."""
    child = records.open(referral(), manager, FIRST)
    adult = records.open(referral("adults"), manager, FIRST)
    assert ("CSPR-2026-001", "Child A") == (child.review.reference, child.review.pseudonym)
    assert ("SAR-2026-001", "Adult A") == (adult.review.reference, adult.review.pseudonym)
    assert child.review == records.read("CSPR-2026-001")
    assert [child.event.model_copy(update={"sealed": {"summary": "[sealed]"}})] == records.events("CSPR-2026-001")
    assert CANARY == records.events("CSPR-2026-001", unseal=True)[0].sealed["summary"]


def test_the_year_of_a_reference_is_the_year_in_london(records: Records, manager: Actor) -> None:
    """It is New Year's Day in Auckland and still the old year in London."""
    new_year = datetime(2027, 1, 1, 9, 0, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert "CSPR-2026-001" == records.open(referral(), manager, new_year).review.reference
    step = records.open(referral(), manager, datetime(2027, 1, 1, 0, 0, tzinfo=UTC))
    assert ("CSPR-2027-001", "Child B") == (step.review.reference, step.review.pseudonym)


@pytest.mark.parametrize(
    ("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")]
)
def test_pseudonyms_go_on_after_z(number: int, name: str) -> None:
    """The twenty-seventh child is «Child AA»."""
    assert name == letters(number)


def test_a_refused_opening_leaves_nothing(records: Records, manager: Actor) -> None:
    """No reference is taken, no line is written, and no word of the form is said back."""
    before = dump(records)
    with pytest.raises(TransitionRefused, match="a new referral: cannot open referral yet") as caught:
        records.open(referral(received_on="2027-01-01"), manager, FIRST)
    with pytest.raises(TransitionRefused):
        records.open(referral() | {"track": "both"}, manager, FIRST)
    assert CANARY not in str(caught.value)
    assert before == dump(records)
    assert "CSPR-2026-001" == records.open(referral(), manager, FIRST).review.reference


def test_a_refused_step_leaves_one_line_and_nothing_else(records: Records, manager: Actor) -> None:
    """Every reason is in the line; the review is where it was, and its duties, rungs and notices too."""
    reference = records.open(referral(), manager, FIRST).review.reference
    before = dump(records)
    with pytest.raises(TransitionRefused) as caught:
        records.attempt(reference, "send_notification", {"summary": CANARY}, manager, FIRST)
    after = dump(records)
    last = records.events(reference)[-1]
    assert (REFUSED, 2) == (last.kind, last.sequence)
    assert {"step": "send_notification", "unmet": list(caught.value.unmet)} == last.facts
    assert {"ledger", "heads", "reviews", "seals"} == {name for name, rows in after.items() if rows != before[name]}
    review = records.read(reference)
    assert (2, 1, caught.value.unmet) == (review.version, review.changed, review.refusal and review.refusal.unmet)
    assert CANARY not in str(after)
    assert [] == list(records.verify())


def test_a_form_is_tried_without_being_taken(records: Records, manager: Actor, partner: Actor) -> None:
    """A form that would be taken leaves no trace at all when it is tried, and is taken afterwards."""
    reference = records.open(referral(), manager, FIRST).review.reference
    before = dump(records)
    assert [] == list(records.unmet(reference, "close_not_serious", NOT_SERIOUS, partner, FIRST, 1))
    assert [] == list(records.unmet(None, OPENING, referral(), manager, FIRST))
    assert before == dump(records)
    records.attempt(reference, "close_not_serious", NOT_SERIOUS, partner, FIRST, 1)


def test_a_form_that_is_tried_on_leaves_no_line(records: Records, manager: Actor, partner: Actor) -> None:
    """
    Sixty tries, nothing submitted: with two things wrong, signed by somebody else, by a stranger, with a sentence for a
    minute. Each hears everything that stands in the way, and the record is to the letter what it was.
    """
    reference = records.open(referral(), manager, FIRST).review.reference
    before = dump(records)
    lead = Actor(person=records.rulebook.partnership.holders("lead_partner")[0].id)
    stranger = Actor(person=CANARY, attestation=Attestation.MINUTED, minute=f"{CANARY} lives at the yellow door")
    wrong = NOT_SERIOUS | {"decided_on": "2027-01-01", "acknowledged_on": "2027-01-01"}

    for _ in range(15):
        assert 2 == len(records.unmet(reference, "close_not_serious", wrong, partner, FIRST, 1))
        assert 1 == len(records.unmet(reference, "close_not_serious", NOT_SERIOUS | {"reason": ""}, lead, FIRST, 1))
        assert 1 == len(records.unmet(reference, f"{CANARY} step", {}, partner, FIRST, 1))
        reasons = records.unmet(reference, "close_not_serious", NOT_SERIOUS | {CANARY: CANARY}, stranger, FIRST, 1)
        assert (3, False) == (len(reasons), CANARY in str(reasons)), reasons

    assert before == dump(records)


@pytest.mark.parametrize(
    ("signed", "words"),
    [
        ({"person": CANARY}, "the signer is not in the partnership's file"),
        ({"person": CANARY * 50_000}, "the signer is not in the partnership's file"),
        ({"attestation": "minuted", "minute": f"{CANARY} was hurt"}, "the reference of the minute or paper: letters"),
        ({"attestation": "minuted", "minute": "DSP [1]"}, "the reference of the minute or paper: letters"),
        ({"attestation": "minuted", "minute": "1" * 61}, "at most 60"),
        ({"attestation": "proved"}, "a proved decision needs the reference of the paper that proves it"),
    ],
)
def test_what_is_typed_for_a_signature_is_judged_before_it_is_kept(
    signed: dict[str, str], words: str, records: Records, manager: Actor, partner: Actor
) -> None:
    """A stranger, half a million signs of one, a sentence, a bracket, too much, no evidence: nothing is repeated."""
    reference = records.open(referral(), manager, FIRST).review.reference
    actor = Actor.model_validate({"person": partner.person} | signed)
    with pytest.raises(TransitionRefused) as refused:
        records.attempt(reference, "close_not_serious", NOT_SERIOUS | {f"{CANARY} key": CANARY}, actor, FIRST)
    assert words in str(refused.value)
    assert CANARY not in str(refused.value) + str(dump(records))
    assert len(str(dump(records))) < 100_000
    assert [] == list(records.verify())


@pytest.mark.parametrize("minute", ["DSP 1/26", "SP/2026/11, item 4", "Executive 16 Nov 2026 item 4", "EX-2026_4.1"])
def test_a_reference_as_people_write_them_is_kept(
    minute: str, records: Records, manager: Actor, partner: Actor
) -> None:
    """With a comma, with spaces, with a day: it stands on the line of the decision."""
    reference = records.open(referral(), manager, FIRST).review.reference
    actor = Actor(person=partner.person, attestation=Attestation.MINUTED, minute=minute)
    taken = records.attempt(reference, "close_not_serious", NOT_SERIOUS, actor, FIRST)
    assert minute == taken.event.actor.minute


def test_a_refused_opening_is_tried_without_a_trace(records: Records, manager: Actor) -> None:
    """There is no review yet whose ledger could remember it, and no reference is taken."""
    before = dump(records)
    assert 1 == len(records.unmet(None, OPENING, referral(received_on="2027-01-01"), manager, FIRST))
    assert before == dump(records)


def test_an_open_review_is_not_opened_again(records: Records, manager: Actor) -> None:
    """The step that opens a review is no step of a review that is open."""
    reference = records.open(referral(), manager, FIRST).review.reference
    with pytest.raises(TransitionRefused, match="open already"):
        records.attempt(reference, OPENING, referral(), manager, FIRST)


def test_a_reference_that_does_not_exist_is_named(records: Records, manager: Actor) -> None:
    """A slip of the pen: 010 for 001."""
    for ask in (
        lambda: records.read("CSPR-2026-010"),
        lambda: records.events("CSPR-2026-010"),
        lambda: records.attempt("CSPR-2026-010", "close", {}, manager, FIRST),
        lambda: records.unmet("CSPR-2026-010", "close", {}, manager, FIRST),
    ):
        with pytest.raises(NoSuchReview, match="CSPR-2026-010"):
            ask()


def test_a_step_writes_its_dates_rungs_and_notices_together(records: Records, walked: Walk) -> None:
    """After seven steps every table says what the fold of the ledger says."""
    reference = walked()
    review = fold(records.events(reference))
    assert review == records.read(reference)
    rows = dump(records)
    assert len(review.duties) == len(rows["deadlines"])
    assert len(review.requests) == len(rows["requests"])
    ladders = Ladders(records.rulebook)
    climbing = {}
    for duty in review.running():
        if ladder := ladders(duty.rule, duty.counted_from, duty.due_on):
            climbing[(*duty.key, duty.started_at)] = ladder[0][1]
    with reading(records.engine) as connection:
        names = ("rule", "subject", "occurrence", "started_at", "next_rung_at")
        columns = [deadlines.c[name] for name in names]
        written = connection.execute(select(*columns).where(deadlines.c.next_rung_at.is_not(None))).all()
        told = {(row.status, row.reference) for row in connection.execute(outbox.FULL)}
    assert climbing == {tuple(key): moment for *key, moment in written} != {}
    assert {("pending", reference)} == told
    assert [] == list(records.verify())


def test_the_list_says_what_is_owed_next(records: Records, walked: Walk, manager: Actor, partner: Actor) -> None:
    """One review on its way, one closed: the first has a next date, and it is the soonest."""
    reference = walked()
    closed = records.open(referral(), manager, FIRST).review.reference
    records.attempt(closed, "close_not_serious", NOT_SERIOUS, partner, FIRST)
    soonest = records.read(reference).running()[0].due_on
    assert [(reference, True, soonest), (closed, False, None)] == [
        (row.reference, row.open, row.next_due) for row in records.list()
    ]
    assert [reference] == [row.reference for row in records.list(open_only=True)]


# --------------------------------------------------------------------------- sealing and erasure


def test_no_word_of_a_form_lies_open_in_the_database(
    url: str, records: Records, manager: Actor, partner: Actor
) -> None:
    """A canary in every free text, then every byte of SQLite's files, or every column of PostgreSQL."""
    reference = records.open(referral(), manager, FIRST).review.reference
    records.attempt(reference, "close_not_serious", NOT_SERIOUS, partner, FIRST)
    with pytest.raises(TransitionRefused):
        records.attempt(reference, "close_not_serious", NOT_SERIOUS | {"learning_route": CANARY}, partner, FIRST)
    assert CANARY not in str(dump(records))
    if url.startswith("sqlite"):
        for file in Path(url.removeprefix("sqlite:///")).parent.glob("record.db*"):
            assert b"Violet" not in file.read_bytes()


def test_erasure_takes_the_words_and_leaves_the_chain(
    url: str, records: Records, manager: Actor, partner: Actor
) -> None:
    """At the end of retention the key is destroyed: the ledger verifies, and nobody can read the words again."""
    reference = records.open(referral(), manager, FIRST).review.reference
    second, ground = "morgan_specimen", "order of a court"
    with pytest.raises(TransitionRefused, match="still open"):
        erase_text(records, reference, manager, second, FIRST, ground)
    records.attempt(reference, "close_not_serious", NOT_SERIOUS, partner, FIRST)
    with reading(records.engine) as connection:
        wrapped = connection.execute(text("SELECT wrapped FROM review_keys")).scalar_one()
    step = erase_text(records, reference, manager, second, FIRST + timedelta(days=400), ground)
    assert {ERASED} == {word for event in records.events(reference, unseal=True) for word in event.sealed.values()}
    assert "Sealed text erased" == step.event.title
    assert [] == list(records.verify())
    with pytest.raises(TransitionRefused, match="erased before"):
        erase_text(records, reference, manager, second, FIRST + timedelta(days=400), ground)
    if url.startswith("sqlite"):
        for file in Path(url.removeprefix("sqlite:///")).parent.glob("record.db*"):
            assert wrapped.encode() not in file.read_bytes()


def test_a_record_keeps_to_its_master_key(url: str, home: Path, records: Records, rulebook: Rulebook) -> None:
    """The key file is lost, or another one put in its place: each is said, and no new key is made."""
    lost = home / KEY_FILE
    words = lost.read_text()
    lost.unlink()
    with pytest.raises(MasterKeyMissing):
        open_record(url, home, rulebook, FIRST)
    Keyring.make(home)
    with pytest.raises(MasterKeyWrong):
        open_record(url, home, rulebook, FIRST)
    again = open_record(url, home, rulebook, FIRST, secret=words, simulation=True)
    assert records.identity() == again.identity()
    assert not again.identity().simulation
    again.engine.dispose()


# --------------------------------------------------------------------------- many at once


def together(number: int, do: Callable[[int], None]) -> list[BaseException]:
    """Run `do` in so many threads, all let go at once; what they raised."""
    start, raised = threading.Barrier(number), []

    def run(n: int) -> None:
        start.wait()
        try:
            do(n)
        except (TransitionRefused, AssertionError) as fault:
            raised.append(fault)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_references_have_no_gaps_and_no_doubles(records: Records, manager: Actor) -> None:
    """Eight people open twenty referrals each at once, one in five of them refused."""
    refused = together(8, lambda n: [_open_or_not(records, manager, n * 20 + k) for k in range(20)] and None)
    assert [] == refused
    expected = [f"CSPR-2026-{number:03d}" for number in range(1, 129)]
    assert expected == sorted(row.reference for row in records.list())
    assert {f"Child {letters(number)}" for number in range(1, 129)} == {row.pseudonym for row in records.list()}
    assert [] == list(records.verify())


def _open_or_not(records: Records, manager: Actor, number: int) -> None:
    if number % 5:
        records.open(referral(), manager, FIRST)
    else:
        with pytest.raises(TransitionRefused):
            records.open(referral(received_on="2027-01-01"), manager, FIRST)


def test_two_managers_press_at_once_and_one_is_told(records: Records, rulebook: Rulebook, manager: Actor) -> None:
    """Both saw version 1. One wins; the other hears what changed, and by whom."""
    reference = records.open(referral(), manager, FIRST).review.reference
    _, answers, _, _ = path(rulebook, date(2026, 3, 2))[1]
    raised = together(
        2, lambda _: records.attempt(reference, "assess_notification", answers, manager, FIRST, 1) and None
    )
    assert 1 == len(raised)
    assert "the review changed while this form was open" in str(raised[0])
    assert "(Alex Example, " in str(raised[0])
    assert ["referral_received", "awareness_recorded", REFUSED] == [event.kind for event in records.events(reference)]


def test_a_submission_made_twice_is_taken_once(records: Records, rulebook: Rulebook, manager: Actor) -> None:
    """The flow died after the record had committed: tried again, it is answered as it was, and nothing changes."""
    first = records.open(referral(), manager, FIRST, token="run 1")
    reference = first.review.reference
    _, answers, _, _ = path(rulebook, date(2026, 3, 2))[1]
    taken = records.attempt(reference, "assess_notification", answers, manager, FIRST, 1, "run 2")
    with pytest.raises(TransitionRefused) as refused:
        records.attempt(reference, "send_notification", {}, manager, FIRST, 2, "run 3")
    before = dump(records)
    assert (reference, first.notices) == _answer(records.open(referral(), manager, FIRST, token="run 1"))
    again = records.attempt(reference, "assess_notification", answers, manager, FIRST, 1, "run 2")
    assert (reference, taken.notices) == _answer(again)
    assert taken.event.sequence == again.event.sequence
    with pytest.raises(TransitionRefused) as repeated:
        records.attempt(reference, "send_notification", {}, manager, FIRST, 2, "run 3")
    assert str(refused.value) == str(repeated.value)
    assert before == dump(records)


def _answer(step: Any) -> tuple[str, int]:
    return step.review.reference, step.notices


def test_one_submission_from_many_runs_opens_one_review(records: Records, manager: Actor) -> None:
    """Four runs of one flow, started again by a nervous supervisor, all with the same referral."""
    assert [] == together(4, lambda _: records.open(referral(), manager, FIRST, token="one") and None)
    assert ["CSPR-2026-001"] == [row.reference for row in records.list()]
    assert "CSPR-2026-002" == records.open(referral(), manager, FIRST).review.reference


# --------------------------------------------------------------------------- making it again


def test_rebuilding_gives_the_same_tables(records: Records, walked: Walk, manager: Actor, partner: Actor) -> None:
    """Every projection made again from the ledger is the one that the steps wrote, row for row."""
    walked()
    walked(5, FIRST + timedelta(days=30))
    closed = records.open(referral(), manager, FIRST).review.reference
    records.attempt(closed, "close_not_serious", NOT_SERIOUS, partner, FIRST)
    with pytest.raises(TransitionRefused):
        records.attempt(closed, "close_not_serious", NOT_SERIOUS, partner, FIRST)
    live, told = dump(records, *PROJECTIONS), dump(records, "notices", "notice_facts")
    with writing(records.engine) as connection:
        connection.execute(text("DELETE FROM deadlines"))
        connection.execute(text("DELETE FROM register"))
        connection.execute(update(reviews).values(state="referred"))
    assert 3 == records.rebuild()
    assert live == dump(records, *PROJECTIONS)
    assert told == dump(records, "notices", "notice_facts")


def test_rebuilding_fires_no_rung_again(records: Records, walked: Walk) -> None:
    """A reminder that has gone out stays gone out."""
    walked()
    swept = sweep(records.engine, records.rulebook, FIRST + timedelta(days=20))
    assert swept.rungs and swept.notices
    before = dump(records, "rungs", "deadlines", "notices")
    records.rebuild()
    assert before == dump(records, "rungs", "deadlines", "notices")
    assert 0 == sweep(records.engine, records.rulebook, FIRST + timedelta(days=20)).notices


# --------------------------------------------------------------------------- kept in memory


def test_a_review_that_another_program_moved_on_is_read_as_it_is(
    url: str, home: Path, records: Records, walked: Walk, manager: Actor, partner: Actor
) -> None:
    """Two programs on one record: each keeps reviews in memory, and neither takes an old one for the present one."""
    reference = walked(2)
    other = open_record(url, home, records.rulebook, FIRST)
    assert records.read(reference) == other.read(reference)
    form = path(records.rulebook, FIRST.date())[2][1]
    for taker in (other, records):
        taken = taker.attempt(reference, "decide_notification", form, partner, FIRST + timedelta(days=1)).review
        assert taken == records.read(reference) == other.read(reference) == fold(records.events(reference))
        with pytest.raises(TransitionRefused):
            taker.attempt(reference, "send_notification", {}, manager, FIRST + timedelta(days=1))
        form = form | {"partners_agree": "all agree"}
    other.engine.dispose()


def test_every_open_review_is_read_at_once(
    url: str, home: Path, records: Records, walked: Walk, manager: Actor, partner: Actor
) -> None:
    """Two on their way and one closed: the same from memory and from the ledger, and only those asked for."""
    names = [walked(), walked(3)]
    closed = records.open(referral(), manager, FIRST).review.reference
    records.attempt(closed, "close_not_serious", NOT_SERIOUS, partner, FIRST)
    other = open_record(url, home, records.rulebook, FIRST)
    expected = [fold(records.events(name)) for name in names]
    assert expected == list(records.open_reviews()) == list(other.open_reviews())
    assert expected[1:] == list(records.open_reviews([names[1], closed]))
    other.engine.dispose()


def test_a_step_that_was_given_up_is_not_taken_for_true(records: Records, walked: Walk, manager: Actor) -> None:
    """A commit fails when the review was kept already as the step would have left it: the ledger knows better."""
    reference = walked(1)
    before = records.read(reference)
    _, answers, _, _ = path(records.rulebook, FIRST.date())[1]
    event = lifecycle.attempt(before, "assess_notification", answers, manager, FIRST, records.rulebook)
    records._latest.put(fold((event,), before), "a hash that was never committed")
    assert before == records.read(reference)
    records._latest.put(fold((event,), before), "a hash that was never committed")
    assert 2 == records.attempt(reference, "assess_notification", answers, manager, FIRST).review.version
    assert fold(records.events(reference)) == records.read(reference)


def test_only_the_reviews_used_last_are_kept(walked: Walk, records: Records) -> None:
    """Three reviews and room for two: the one that was not used for longest goes."""
    latest = Latest(kept=2)
    first, second, third = (records.read(walked(1)) for _ in range(3))
    for review in (first, second, first, third):
        latest.put(review, "hash")
    kept = [review for review in (first, second, third) if latest.get(review.reference)]
    assert [first, third] == kept


def test_sqlite_is_set_as_the_record_needs(tmp_path: Path) -> None:
    """Write-ahead log, a patient lock, checked keys; FULL only where it is asked for."""
    for synchronous, level in (("NORMAL", 1), ("FULL", 2)):
        engine = connect(f"sqlite:///{tmp_path / 'new' / 'record.db'}", synchronous)  # type: ignore[arg-type]
        with reading(engine) as connection:
            found = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
            }
        assert {"journal_mode": "wal", "synchronous": level, "busy_timeout": 30000, "foreign_keys": 1} == found
        engine.dispose()


def test_only_two_databases_are_known() -> None:
    """A typing error in the address is said at once."""
    with pytest.raises(AddressUnfit, match="SQLite or PostgreSQL"):
        connect("mssql://server/record")


def test_what_a_refused_form_held_is_kept_for_its_writer(records: Records, manager: Actor, partner: Actor) -> None:
    """
    Refused after it was sent: sealed, in no clear word, for a fortnight; gone when the step is taken, when its time is
    over, and with the key of the review. What a command refuses has its own file, and is not kept.
    """
    reference = records.open(referral(), manager, FIRST).review.reference
    sent = NOT_SERIOUS | {"reason": CANARY, "decided_on": "2027-01-01"}

    def refuse(keep: bool = True) -> None:
        with pytest.raises(TransitionRefused):
            records.attempt(reference, "close_not_serious", sent, partner, FIRST, keep=keep)

    refuse(keep=False)
    assert [] == list(records.kept(reference, FIRST))
    refuse()
    assert [(3, "close_not_serious", sent)] == [(k.sequence, k.step, k.answers) for k in records.kept(reference, FIRST)]
    assert CANARY not in str(dump(records))
    assert [] == list(records.verify())

    late = FIRST + timedelta(days=14)
    assert [] == list(records.kept(reference, late))
    sweep(records.engine, records.rulebook, late)
    assert [] == dump(records)["kept_answers"]

    refuse()
    records.attempt(reference, "close_not_serious", NOT_SERIOUS, partner, FIRST, keep=True)
    assert [] == dump(records)["kept_answers"]
    with pytest.raises(TransitionRefused):
        records.attempt(reference, "close_not_serious", sent, partner, FIRST, keep=True)
    erase_text(records, reference, manager, "morgan_specimen", FIRST + timedelta(days=400), "order of a court")
    assert ([], []) == (dump(records)["kept_answers"], list(records.kept(reference, FIRST)))


def test_what_is_kept_is_kept_by_the_clock_of_the_doors_too(records: Records, manager: Actor, partner: Actor) -> None:
    """The doors' moments are pendulum's: a fortnight later is a moment of UTC all the same."""
    moment = london.now()
    reference = records.open(referral(received_on="2026-01-05"), manager, moment).review.reference
    with pytest.raises(TransitionRefused):
        records.attempt(reference, "close_not_serious", {"reason": CANARY}, partner, moment, keep=True)
    (kept,) = records.kept(reference, london.now())
    assert (moment + timedelta(days=14), {"reason": CANARY}) == (kept.forget_at, kept.answers)
