"""
The record of reviews: open one, take a step, read it back, prove that nobody changed it.

One step is one transaction. The line of the ledger, the due dates, the rungs of their ladders and the notices
that are owed are written together, or nothing is. A step that is refused leaves one line: that it was refused.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, select, text, update

from safeguarding import lifecycle, proposed
from safeguarding.duties.retention import REVIEW_ERASED
from safeguarding.errors import Damage, NoSuchReview, TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import Identity
from safeguarding.notices import step_notices
from safeguarding.notices.ladder import Ladders
from safeguarding.review.as_they_were import as_they_were
from safeguarding.review.events import REFUSED, Actor, Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from safeguarding.review.typed_words import too_much
from tasks.record import claim_rungs, proving, told_before
from tasks.record.claim_rungs import RungTold
from tasks.record.moments import following, too_early
from tasks.record.new_reviews import NEW, OPENING, MovesIn, first_line
from tasks.record.opening import establish, look_for
from tasks.record.transactions import Line, SubmittedBefore, Transactions, hold
from tasks.store import compared, drafts, heartbeat, identity, kept_answers, ledger, outbox, projections, queries, seals
from tasks.store.beside import Beside
from tasks.store.claimed import Claims
from tasks.store.kept_answers import KeptAnswers
from tasks.store.latest import Latest
from tasks.store.ledger import Head
from tasks.store.queries import ReviewRow
from tasks.store.sealing import Keyring, ReviewKey
from tasks.store.seals import Seal
from tasks.store.session import BUSY_SECONDS, Synchronous, connect, reading, writing
from tasks.store.statements import Adding, Asking, together
from tasks.store.tables import review_keys, reviews

T = TypeVar("T")
Settled = Callable[[Review, str | None, datetime], tuple[Sequence[str], Event, bool]]
"""From a review, its wrapped key and the moment: every reason against a line, the line, whether it destroys the key."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: the review after it, the line that it added, how many notices it owes."""

    review: Review
    event: Event
    notices: int = 0
    told: tuple[RungTold, ...] = ()
    """Of which dates, overdue as soon as they were written, people are told at once."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A review whose row this transaction holds."""

    review: Review
    head: Head
    wrapped: str | None


_KEEP_KEY = Adding(review_keys)


class Records(Transactions):
    """The record, as the doors see it. Safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        rulebook: Rulebook,
        keys: Keyring,
        beside: Beside | None = None,
        secret: Callable[[], str | None] = lambda: None,
    ) -> None:
        super().__init__(engine, keys, beside, secret)
        self.rulebook = rulebook
        self._latest = Latest()
        self._ladder = Ladders(rulebook)

    def use(self, rulebook: Rulebook) -> None:
        """From now on another rulebook holds: the partnership's file was changed, or somebody is away."""
        self.rulebook, self._ladder = rulebook, Ladders(rulebook)

    def under(self, rulebook: Rulebook) -> Self:
        """The same record, read and written under another rulebook."""
        return type(self)(self.engine, rulebook, self._keys, self._beside, self._secret)

    # ----------------------------------------------------------------------- writing

    def open(
        self, form_raw: dict[str, Any], actor: Actor, now: datetime, token: str | None = None, by: str = OPENING
    ) -> Taken:
        """
        Open a review under the next reference and the next pseudonym of its track: `by` a referral, or carried in.

        `token` names this submission: given again, it opens nothing, and answers as it did the first time.
        Raises TransitionRefused with every reason; the reference is then given to the next opening.
        """
        now = now.astimezone(UTC)
        try:
            return self._write(lambda line: self._open(line, form_raw, actor, now, token, by))
        except SubmittedBefore as submitted:
            return self._again(submitted)

    def take_over(self, many: Sequence[MovesIn], actor: Actor, now: datetime) -> Sequence[Taken]:
        """
        Take in all of these reviews in one transaction, each marked with the file that it comes from; or none.

        Nobody is written to about it. Raises TransitionRefused for the first that is refused, SubmittedBefore for the
        first that was taken over before; nothing is then recorded.
        """
        now = now.astimezone(UTC)

        def taken(line: Line) -> Sequence[Taken]:
            done = []
            for one in many:
                own = Line(line.connection, line.seal)
                done.append(self._open(own, one.answers, actor, now, one.token, one.by, one))
                line.seal = own.seal
            return done

        return self._write(taken)

    def _open(
        self,
        line: Line,
        form_raw: dict[str, Any],
        actor: Actor,
        now: datetime,
        token: str | None,
        by: str,
        origin: MovesIn | None = None,
    ) -> Taken:
        """Open a review in a transaction that is under way. Raises as `open`, and SubmittedBefore."""
        event = first_line(line.connection, self.rulebook, form_raw, actor, now, token, by, origin)
        given = Head(str(event.facts["reference"]))
        key, line.made = self._keys.new_key(given.reference)
        kept = {"reference": given.reference, "wrapped": line.made, "destroyed_at": None}
        _KEEP_KEY.run(line.connection, [kept])
        return self._record(line, None, given, event, key)

    def attempt(
        self,
        reference: str,
        command: str,
        raw: dict[str, Any],
        actor: Actor,
        now: datetime,
        made_on: int | None = None,
        token: str | None = None,
        *,
        keep: bool = False,
    ) -> Taken:
        """
        Take a step. `made_on` is the version of the review that the person saw when filling the form.

        `token` names this submission: given again, it changes nothing, and answers as it did the first time. `keep`:
        what was typed is held nowhere else, so of a refusal it is kept for its writer, sealed.
        Raises NoSuchReview, or TransitionRefused with every unmet condition; the refusal is itself recorded,
        and nothing else is.
        """
        now = now.astimezone(UTC)

        def taken(line: Line) -> Taken | TransitionRefused:
            held = self._held(line.connection, reference, hold(line.connection, reference, token))
            moment = following(held.review, command, now)
            try:
                event = self._decide(line.connection, held, command, raw, actor, moment, made_on)
                decided = self._what_stands(line.connection, held, event)
            except TransitionRefused as error:
                sequence = self._remember(line, held, error, actor, moment)
                if keep and (key := self._key(reference, held.wrapped)) and not too_much(raw):
                    kept_answers.keep(line.connection, reference, sequence, error.transition, raw, key, moment)
                return error
            if keep:
                kept_answers.forget(line.connection, reference, command)
            key = self._key(reference, held.wrapped) if event.sealed or decided else None
            done = self._record(line, held.review, held.head, event, key)
            if decided is None:
                return done
            held = self._hold(line.connection, reference)
            then = self._record(line, held.review, held.head, decided, key)
            return replace(then, event=event, notices=done.notices + then.notices)

        try:
            done = self._write(taken)
        except SubmittedBefore as submitted:
            return self._again(submitted)
        if isinstance(done, TransitionRefused):
            raise done
        return done

    def attempt_all(
        self, many: Sequence[tuple[str, str, dict[str, Any]]], actor: Actor, now: datetime
    ) -> Sequence[Taken]:
        """
        Take all of these steps in one transaction, each a reference, a step and its answers; or none of them.

        Raises NoSuchReview, or TransitionRefused for the first that is refused: nothing is then recorded, nor is that.
        """
        now = now.astimezone(UTC)

        def taken(line: Line) -> Sequence[Taken]:
            done = []
            for reference, command, raw in many:
                own = Line(line.connection, line.seal)
                held = self._hold(line.connection, reference)
                moment = following(held.review, command, now)
                event = self._decide(line.connection, held, command, raw, actor, moment, None)
                key = self._key(reference, held.wrapped) if event.sealed else None
                done.append(self._record(own, held.review, held.head, event, key))
                line.seal = own.seal
            return done

        return self._write(taken)

    def unmet(
        self,
        reference: str | None,
        command: str,
        raw: dict[str, Any],
        actor: Actor,
        now: datetime,
        made_on: int | None = None,
    ) -> Sequence[str]:
        """
        Every condition that refuses this step now, in words; none if it would be taken. Nothing is recorded: whoever
        tries a form on has not asked for the step, and has proved nothing of who they are. Raises NoSuchReview.
        """
        now = now.astimezone(UTC)
        try:
            if reference is None:
                lifecycle.attempt(None, command, raw, actor, now, self.rulebook, None, Identity("", ""))
            else:
                review = self.read(reference)
                if unmet := too_early(review, now):
                    return unmet
                with reading(self.engine) as connection:
                    held = self._hold(connection, reference, projections.SEEN)
                    moment = following(held.review, command, now)
                    event = self._decide(connection, held, command, raw, actor, moment, made_on)
                    self._what_stands(connection, held, event)
        except TransitionRefused as refused:
            return refused.unmet
        return ()

    def write_beside(self, reference: str, step: str, now: datetime, settled: Settled) -> Taken:
        """
        Write a line about the review's text, which changes nothing of the review itself.

        `settled` gives, from the review, its wrapped key and the moment, every reason against it and the line. Where
        there is a reason the refusal is recorded. Raises NoSuchReview, or TransitionRefused with every reason.
        """
        now = now.astimezone(UTC)

        def written(line: Line) -> Taken | TransitionRefused:
            held = self._hold(line.connection, reference)
            moment = following(held.review, step, now)
            unmet, event, destroys = settled(held.review, held.wrapped, moment)
            if unmet:
                refusal = TransitionRefused(reference, step, tuple(unmet))
                self._remember(line, held, refusal, event.actor, moment)
                return refusal
            if destroys:
                line.destroyed = held.wrapped
                mine = review_keys.c.reference == reference
                gone = update(review_keys).where(mine).values(wrapped=None, destroyed_at=moment)
                line.connection.execute(gone)
                kept_answers.forget(line.connection, reference)
                drafts.forget_of_review(line.connection, reference)
            return self._record(line, held.review, held.head, event, None)

        done = self._write(written)
        if isinstance(done, TransitionRefused):
            raise done
        return done

    def rebuild(self) -> int:
        """
        Make every projection again from the ledger, and say of how many reviews.

        Notices and the rungs that have fired stay: what was sent is history, and is not sent again. A rung that is
        noted as fired and was told to nobody is forgotten, so it fires when its time comes.
        """
        with writing(self.engine) as connection:
            connection.execute(select(reviews.c.reference).with_for_update()).all()
            projections.clear(connection)
            claims = Claims(connection)
            moments = compared.moments_of(self._ladder, proving.reminders_are_laid(connection, self.rulebook))
            ends = {}
            for reference, chain in ledger.chains(connection):
                review = fold(ledger.as_event(row) for row in chain)
                told = compared.truly_told(review, claims, moments)
                claims.keep_only(connection, told)
                projections.remake(connection, review, chain[-1].hash, self._ladder, told)
                ends[reference] = chain[-1].at
            projections.forget_all_but(connection, ends)
            if ends:  # Whoever keeps what was read of the tables is to read them again.
                heartbeat.once_more(connection, heartbeat.TABLES, max(ends.values()))
        return len(ends)

    # ----------------------------------------------------------------------- reading

    def read(self, reference: str) -> Review:
        """The review as it stands. Raises NoSuchReview."""
        with reading(self.engine) as connection:
            return self._hold(connection, reference, projections.SEEN).review

    def open_reviews(self, references: Collection[str] | None = None) -> Iterator[Review]:
        """Every open review, or those of these that are open, by reference; all of one moment, one at a time."""
        query = select(reviews.c.reference, reviews.c.head_hash).where(reviews.c.open).order_by(reviews.c.reference)
        if references is not None:
            query = query.where(reviews.c.reference.in_(references))
        with reading(self.engine) as connection:
            for reference, head_hash in connection.execute(query).all():
                known = self._latest.get(reference)
                if known and known.hash == head_hash:
                    yield known.review
                else:
                    yield fold(ledger.as_event(line) for line in ledger.after(connection, reference, 0))

    def events(self, reference: str, unseal: bool = False, lines: Collection[int] | None = None) -> Sequence[Event]:
        """
        The lines of a review's ledger, or those of these numbers. Sealed text stays `[sealed]` unless asked for:
        whoever is given it goes by `reading.read_words`, which notes that. Raises NoSuchReview.
        """

        def found(connection: Connection) -> Sequence[Event]:
            mine = review_keys.c.reference == reference
            row = connection.execute(select(review_keys.c.wrapped).where(mine)).first()
            if row is None:
                raise NoSuchReview(reference)
            key = self._key(reference, row.wrapped) if unseal else None
            return ledger.read(connection, reference, key, unseal, lines)

        return self._read(found)

    def kept(self, reference: str, now: datetime) -> Sequence[KeptAnswers]:
        """What was typed on forms that were refused after they were sent, the latest first. Raises NoSuchReview."""
        with reading(self.engine) as connection:
            held = self._hold(connection, reference, projections.SEEN)
            key = self._key(reference, held.wrapped)
            return kept_answers.read(connection, reference, key, now) if key else ()

    def list(self, open_only: bool = False) -> Sequence[ReviewRow]:
        """Every review, in the order of opening."""
        with reading(self.engine) as connection:
            return queries.list_reviews(connection, open_only)

    def verify(self, reference: str | None = None) -> Sequence[Damage]:
        """Everything in the record, or about one review, that is not as this program left it; nothing if all is."""
        return self._read(lambda connection: proving.prove(connection, self._keys, self.rulebook, reference))

    def seal(self) -> Seal | None:
        """The seal over the record as a whole, as it stands; None where it was taken away by other means."""
        return self._read(seals.stands)

    def identity(self) -> identity.RecordIdentity:
        """What this record is, and whether it is a simulation. Raises MasterKeyWrong."""
        return self._read(lambda connection: identity.known(connection, self._keys))

    def with_keys(self, ask: Callable[[Connection, Keyring], T]) -> T:
        """Ask something of one moment of the record that needs its master key."""
        return self._read(lambda connection: ask(connection, self._keys))

    # ----------------------------------------------------------------------- inside one transaction

    def _hold(self, connection: Connection, reference: str, how: Asking = projections.LOCKED) -> _Held:
        return self._held(connection, reference, how.first(connection, {"reference": reference}))

    def _held(self, connection: Connection, reference: str, stands: tuple[Any, ...] | None) -> _Held:
        if stands is None:
            raise NoSuchReview(reference)
        version, head_hash, wrapped = stands
        head = Head(reference, version, head_hash)
        known = self._latest.get(reference)
        if known and known.hash == head.hash:
            return _Held(known.review, head, wrapped)
        new = ledger.after(connection, reference, known.review.version if known else 0)
        if known and not (new and new[0].previous_hash == known.hash):
            # What is kept here was never committed: the review went another way.
            known, new = None, ledger.after(connection, reference, 0)
        review = fold((ledger.as_event(line) for line in new), known.review if known else None)
        self._latest.put(review, head.hash)
        return _Held(review, head, wrapped)

    def _decide(
        self,
        connection: Connection,
        held: _Held,
        command: str,
        raw: dict[str, Any],
        actor: Actor,
        now: datetime,
        made_on: int | None,
    ) -> Event:
        reference = held.review.reference
        if held.wrapped is None:
            raise TransitionRefused(reference, command, (f"{REVIEW_ERASED}: nothing more can be written about it",))
        if command in NEW:
            raise TransitionRefused(reference, command, ("this review is open already",))
        of_another = partial(queries.track_of, connection)
        return lifecycle.attempt(held.review, command, raw, actor, now, self.rulebook, made_on, None, of_another)

    def _what_stands(self, connection: Connection, held: _Held, event: Event) -> Event | None:
        """The decision that stands by a line which closes the positions on it, or is the last of them; else None."""

        def lines() -> Sequence[Event]:
            key = self._key(held.review.reference, held.wrapped)
            return ledger.read(connection, held.review.reference, key, unseal=True)

        of_another = partial(queries.track_of, connection)
        return proposed.decision_after(held.review, event, lines, self.rulebook, of_another)

    def _record(
        self,
        line: Line,
        before: Review | None,
        head: Head,
        event: Event,
        key: ReviewKey | None,
    ) -> Taken:
        connection = line.connection
        event = ledger.plain(as_they_were(event, self.rulebook.partnership))
        after = fold((event,), before)
        letters = step_notices.notices_for(event, before, after, self.rulebook)
        told_already = told_before.told_before(connection, after, event.sequence)
        fired = told_before.fired(told_already)
        late = claim_rungs.made_overdue(event, after, self.rulebook, self._ladder, fired)
        letters = claim_rungs.not_told_twice(letters, late)
        with together(connection):
            end = ledger.append(connection, head, event, key, self._keys)
            projections.write(connection, before, after, end.hash, self._ladder, fired)
            told_before.write(connection, told_already)
            outbox.write(connection, letters, event.at)
            told = claim_rungs.claim(connection, late, event.at) if late else ()
            finish = line.sealing(self._keys, head, end, event.at)
        finish()
        self._latest.put(after, end.hash)
        return Taken(after, event, len({(letter.person, letter.channel) for letter in letters}), told)

    def _remember(
        self,
        line: Line,
        held: _Held,
        error: TransitionRefused,
        actor: Actor,
        now: datetime,
    ) -> int:
        refusal = lifecycle.refused(held.review, error, actor, now, self.rulebook)
        event = ledger.plain(as_they_were(refusal, self.rulebook.partnership))
        after = fold((event,), held.review)
        head = ledger.append(line.connection, held.head, event, None, self._keys)
        projections.write_refusal(line.connection, after, head.hash)
        line.sealed(self._keys, held.head, head, event.at)
        self._latest.put(after, head.hash)
        return event.sequence

    def _again(self, before: SubmittedBefore) -> Taken:
        """What a submission was answered the first time. Raises TransitionRefused if it was refused then."""
        event = next(event for event in self.events(before.reference) if event.sequence == before.sequence)
        if event.kind == REFUSED:
            raise TransitionRefused(before.reference, event.facts["step"], tuple(event.facts["unmet"]))
        with reading(self.engine) as connection:
            review = self._hold(connection, before.reference, projections.SEEN).review
            return Taken(review, event, outbox.owed_by(connection, before.reference, before.sequence))

    def _key(self, reference: str, wrapped: str | None) -> ReviewKey | None:
        return None if wrapped is None else self._keys.unwrap(reference, wrapped)

    def scrub(self) -> None:
        """Make the database forget what it has overwritten, as far as a database can."""
        commands = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "VACUUM review_keys"}
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(commands[self.engine.dialect.name]))


def open_record(
    url: str,
    home: Path,
    rulebook: Rulebook,
    now: datetime,
    *,
    secret: str | Callable[[], str | None] | None = None,
    synchronous: Synchronous = "NORMAL",
    make: bool = True,
    simulation: bool = False,
    patience: float = BUSY_SECONDS,
) -> Records:
    """
    The record at this address, migrated; made, with a master key in `home`, if there is none.

    `secret` is the master key where it is not kept in a file, or what asks for it. `simulation` marks a record that is
    made now, and changes nothing in one that exists. Raises MasterKeyMissing or MasterKeyWrong; NoRecord where there is
    none and it is not to be made; RecordGone, RecordOlder or RecordNewer where it is not the one that was here.
    """
    beside, given = Beside(home), secret if callable(secret) else lambda: secret
    look_for(url, beside, make)
    engine = connect(url, synchronous, patience)
    try:
        keys = establish(engine, url, beside, given(), now, make=make, simulation=simulation)
    except BaseException:
        engine.dispose()
        raise
    return Records(engine, rulebook, keys, beside, given)
