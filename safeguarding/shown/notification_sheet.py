"""
The sheet from which the serious incident notification is typed into the national online form: what the record holds of
it open, by the limbs of the law, and room for the rest.

Only what the provisions ask that the rulebook cites stands on it: the form itself was not read. Names, and what
happened, are sealed in the record and on no sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html import escape
from typing import Any

from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound, SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.criteria import NOT_KNOWN
from safeguarding.review.legal_tests import NOTICE_OF_DEATH, NOTIFICATION
from safeguarding.review.review import Review
from safeguarding.review.states import Stage, Track
from safeguarding.review.words import agency_name
from safeguarding.shown.bundle.paper import form_table, free, heading, listed, paper, words
from safeguarding.shown.decided import decided_words
from safeguarding.shown.rule_book import recipients_named
from safeguarding.stages.notification import Awareness, decision_that_stands
from safeguarding.stages.whom_to_notify import NotificationDecision

TITLE = "For the serious incident notification"
ROWS_LEFT = 10
"""Rows for what the national form asks besides."""
OPEN = ("under_18", "abuse_or_neglect", "died", "seriously_harmed", *list(NOTIFICATION.asks)[3:])
"""The questions of section 16C, as the decision asks them."""
OF_A_DEATH = tuple(name for name in NOTICE_OF_DEATH.asks if name not in OPEN)
"""Those that the notice of a death adds."""


class NothingToNotify(SafeguardingError):
    """A sheet was asked for of a review of which nobody decides whether to notify."""

    code = "nothing-to-notify"

    def __init__(self, reference: str, why: str) -> None:
        super().__init__(f"{reference}: {why}, so there is no notification to fill in.", reference, why)


def notification_sheet(review: Review, rulebook: Rulebook, today: date) -> str:
    """The sheet as a page, which prints and can be a Word file. Raises NothingToNotify."""
    if review.track is not Track.CHILDREN:
        raise NothingToNotify(
            review.reference, "the national Panel is notified of children, and this is about an adult"
        )
    aware = review.facts.get("awareness_recorded")
    if aware is None:
        raise NothingToNotify(review.reference, "it is not on record yet when the local authority became aware")
    decided = decision_that_stands(review)
    return paper(
        f"{TITLE}: {review.reference}",
        words(
            f"{rulebook.partnership.name}, {say(today)}. What the record holds, to be copied into the national online "
            "form; and room for what it does not hold.",
            "The questions are those of the law. The form's own were not read for this program, so none is made up "
            "here. No name and no sealed word is on this sheet: open them at the review's page, which is noted.",
        ),
        heading("What was decided"),
        listed(decided_words(decided)) or words("It is not decided yet whether to notify, and whom."),
        heading("To whom, and by when"),
        listed(_owed(review, rulebook)) or words("Nothing is owed to anybody outside by what is on record."),
        heading("When, and by whom"),
        form_table(("What", "On record", "To add"), (34, 40, 26), _facts(review, aware, decided, rulebook)),
        heading("What the law asks (Children Act 2004 s.16C(1))"),
        form_table(HEAD, SHARES, _limbs(OPEN, aware, decided)),
        heading("Of a death (Children Act 1989 Sch.2 para 20(1); of a care leaver, guidance)"),
        form_table(HEAD, SHARES, _limbs(OF_A_DEATH, aware, decided)),
        heading("What the national form asks besides"),
        form_table(("What it asks", "Answer"), (34, 66), ((free(1), free(1)) for _ in range(ROWS_LEFT))),
        heading("When it has left"),
        words(
            "Record its day and the reference on its receipt with «Record the notification as sent». The rapid review "
            "is counted from the day on which it was sent."
        ),
    )


HEAD, SHARES = ("Question", "On record", "Why, in the words of the form"), (44, 16, 40)


def _owed(review: Review, rulebook: Rulebook) -> Iterator[str]:
    """Each duty to tell somebody outside that began with the referral: to whom, by when, by what."""
    for duty in review.duties:
        try:
            rule = rulebook.rule(duty.rule)
        except LawNotFound:
            continue
        if rule.stage != Stage.REFERRAL.value or not rule.statutory or duty.ended == "superseded":
            continue
        to = ", ".join(recipients_named(rule, rulebook))
        how = f"met on {say(duty.ended_on)}" if duty.ended == "settled" and duty.ended_on else f"by {say(duty.due_on)}"
        how = "no longer owed" if duty.ended == "cancelled" else how
        yield f"{rule.title} ({rule.id}){f', to {to}' if to else ''}: {how}. Counted from {say(duty.anchored_on)}."


def _facts(
    review: Review, aware: Mapping[str, Any], decided: Mapping[str, Any], rulebook: Rulebook
) -> Iterable[tuple[str, ...]]:
    came = review.facts.get("referral_received", {})
    agency = came.get("agency")
    sent = review.facts.get("notification_sent", {})
    aware_on = _day(review, aware.get("aware_on"), "awareness_recorded", "became_aware")
    sent_on = _day(review, sent.get("sent_on"), "notification_sent")
    known = {
        "Our reference": f"{review.reference} ({review.pseudonym})",
        str(Awareness.model_fields["aware_on"].title): aware_on,
        "What happened to the child": str(aware.get("incident") or ""),
        "Referred by": agency_name(agency, rulebook.partnership) if agency else str(came.get("referred_by") or ""),
        "Referral received on": _day(review, came.get("received_on"), "referral_received"),
        "Whether to notify was decided on": _day(review, decided.get("decided_on"), "notification_decided"),
        str(NotificationDecision.model_fields["partners_agree"].title): str(decided.get("partners_agree") or ""),
        "Sent on; the reference on the receipt": ", ".join(
            filter(
                None,
                (sent_on, str(sent.get("national_reference") or "")),
            )
        ),
    }
    return ((escape(what), escape(said), free(0)) for what, said in known.items())


def _limbs(names: Iterable[str], aware: Mapping[str, Any], decided: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Each question with its answer: of the decision, or while there is none what was assessed."""
    for name in names:
        answer = (decided.get(name) or {}).get("answer") or aware.get(name) or ""
        said = "not answered yet" if not answer else "not known" if answer == NOT_KNOWN else str(answer)
        yield escape(str(NotificationDecision.model_fields[name].title)), escape(said), free(1)


def _day(review: Review, typed: object, kind: str, mark: str = "") -> str:
    """The day that was typed in a line of this kind, as it was put right since: the duties are counted from that."""
    if not typed:
        return ""
    return say(review.happened_by(kind, mark or kind) or date.fromisoformat(str(typed)))
