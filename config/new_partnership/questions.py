"""
What is asked of a new partnership: the questions, and the tables of its people and agencies.

The one list behind the workbook and the terminal. What is left empty becomes a named gap, and no invention.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeguarding.law.roles import ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOnce:
    """One question with one answer: its words, what to write, and an answer as an example."""

    key: str
    words: str
    help: str
    example: str
    needed: bool = False


QUESTIONS: tuple[AskedOnce, ...] = (
    AskedOnce(
        key="name",
        words="Name of the partnership",
        help="As it stands in letters and on pages.",
        example="Exampleshire Safeguarding Partnership",
        needed=True,
    ),
    AskedOnce(key="tracks", words="Which reviews it runs", help="children, adults or both", example="both"),
    AskedOnce(
        key="councils",
        words="Council or councils",
        help="Their names, with a comma between two. Two are two partners where people speak for each by name.",
        example="Exampleshire Council",
    ),
    AskedOnce(
        key="unit_mailbox",
        words="Mailbox of the business unit",
        help="A shared mailbox that hears beside the unit's people.",
        example="unit@exampleshire.example",
    ),
    AskedOnce(
        key="agree",
        words="How many of the three partners must agree",
        help="1, 2 or 3; more where others have a vote. All three are present, in person or by deputy, in any case.",
        example="2",
    ),
    AskedOnce(
        key="working_morning",
        words="When a working morning begins",
        help="Reminders leave then. Such as 09:00.",
        example="09:00",
    ),
    AskedOnce(
        key="quiet_from",
        words="Quiet hours begin",
        help="From then on no reminder leaves. Such as 18:00.",
        example="18:00",
    ),
    AskedOnce(key="quiet_to", words="Quiet hours end", help="Such as 08:00.", example="08:00"),
    AskedOnce(
        key="mail_server",
        words="Outgoing mail server",
        help="Its name alone. The password is given to the machine, never here.",
        example="mail.exampleshire.example",
    ),
    AskedOnce(
        key="sender",
        words="Address that letters come from",
        help="Answers of agencies go there.",
        example="reviews@exampleshire.example",
    ),
    AskedOnce(
        key="further",
        words="Further partners, beside the three",
        help="With vote or no vote, and on one track only if so; a ; between two. Empty if there are none.",
        example="Education (no vote, children)",
    ),
    AskedOnce(
        key="decides",
        words="Who decides about adults",
        help="partners, independent chair (they advise) or review group. About a child the partners decide.",
        example="partners",
    ),
)
"""The questions with one answer, in the order in which they are asked."""

PARTNER_NAMES = {
    "local_authority": "local authority",
    "police": "police",
    "integrated_care_board": "integrated care board",
}
"""The three statutory partners as they are written in the workbook."""
PARTNER_ROLES = ("lead_partner", "delegated_partner", "deputy_partner")
AGENCY_ROLES = ("agency_lead", "agency_director")
OTHER_ROLES = tuple(role for role in ROLES if role not in (*PARTNER_ROLES, *AGENCY_ROLES))
"""The roles that are held for the whole partnership."""

PEOPLE = ("Name", "Email", "Roles", "Speaks for", "Deputy for", "How the deputy's authority was recorded")
"""The columns of the people. Whoever leads or directs an agency stands with the agency."""
AGENCIES = ("Agency", "Lead", "Lead's email", "Director", "Director's email")
"""The columns of the agencies."""
PART_OF = "Part of which partner"
"""A column of the agencies that may be missing, as in workbooks written before it was asked."""
