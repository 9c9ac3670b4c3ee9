"""
Proof of a signature: somebody signed in themselves at the pages, by a code to their mailbox or by their authenticator.

Whoever signs at another door is named there, and the record believes it as far as it is attested. A partnership's file
may demand more for a step: it is then taken by nobody who has not signed in.
"""

from __future__ import annotations

from safeguarding.law.demanded_proof import DemandedProof
from safeguarding.law.partnership import Partnership
from safeguarding.review.events import Actor, Attestation

CODE, AUTHENTICATOR, DEMO = "code", "authenticator", "demo"
_ATTESTED = {CODE: Attestation.CODE, AUTHENTICATOR: Attestation.AUTHENTICATOR, DEMO: Attestation.BY_NAME}
BY_SIGN_IN = {
    CODE: "proved by code",
    AUTHENTICATOR: "proved by authenticator",
    DEMO: "signed in by name, as only the demo allows",
}
"""How somebody was signed in, as a line says it."""
_ENOUGH = {CODE: (CODE, AUTHENTICATOR), AUTHENTICATOR: (AUTHENTICATOR,)}
"""What a demand is met by."""
_HOW = {
    CODE: "with the code that goes to your mailbox, or with your authenticator",
    AUTHENTICATOR: "with the code of your authenticator, which you set up there at «Your sign-in»",
}


def signed_in(person: str, proof: str) -> Actor:
    """Somebody who takes a step and is signed in themselves: by a code, by an authenticator, or by name in the demo."""
    return Actor(person=person, attestation=_ATTESTED.get(proof, Attestation.DECLARED))


def proof_of(actor: Actor) -> str:
    """By which proof somebody was signed in who took a step themselves; empty where they did not sign in."""
    return next((proof for proof, attested in _ATTESTED.items() if attested is actor.attestation), "")


def how_signed_in(actor: Actor) -> str:
    """How it was proved who took a step, in words; nothing where they did not sign in themselves."""
    return BY_SIGN_IN.get(proof_of(actor), "")


NOT_BY_SIGN_IN = {
    Attestation.DECLARED: "named on the form, which no sign-in proves",
    Attestation.MINUTED: "from the minutes",
    Attestation.PROVED: "proved on paper",
}


def how_known(actor: Actor) -> str:
    """How it is known who took a step, in words for a reader: whatever the way."""
    return how_signed_in(actor) or NOT_BY_SIGN_IN.get(actor.attestation, actor.attestation.value)


def is_own(actor: Actor) -> bool:
    """Whether somebody signed in themselves."""
    return bool(proof_of(actor))


def might_be_another(actor: Actor, partnership: Partnership) -> list[str]:
    """
    Why a mailed code does not prove which person signs, and what to do; nothing where it does, or by another proof.

    Whoever reads a mailbox that several people of the file have could choose any of their names. `partnership` is that
    of the day.
    """
    person = partnership.known(actor.person)
    if proof_of(actor) != CODE or person is None:
        return []
    others = partnership.sharing_the_mailbox_of(person)
    if not others:
        return []
    names = " and ".join(one.name for one in others)
    return [
        f"the code went to a mailbox that {names} {'has' if len(others) == 1 else 'have'} too, so it does not prove "
        "who of you signs: ask the business unit for an address of your own in the partnership's file, by which you "
        "may set up an authenticator too; or sign in by your authenticator, if you have one already"
    ]


def demanded(step: str, partnership: Partnership) -> DemandedProof | None:
    """The proof that a partnership's file demands for a step, or None."""
    return next((one for one in partnership.proof if one.step == step), None)


def unproved(step: str, actor: Actor, partnership: Partnership) -> list[str]:
    """Why a signature is not proved as the partnership's file demands it, and how to prove it; nothing if it is."""
    asked = demanded(step, partnership)
    if asked is None:
        return []
    if proof_of(actor) in _ENOUGH[asked.by]:
        return might_be_another(actor, partnership)
    return [
        "the partnership's file demands proof of who signs this step: sign in yourself at the people's pages "
        f"{_HOW[asked.by]}, and take the step there"
    ]
