"""
The `safeguarding` command: the same doors without the screen.

Every command answers in words, or with `--json` in JSON with dates as ISO. A refusal names everything that
stands in the way and ends with exit code 1; a question put wrongly ends with 2.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

from cyclopts import App, Group, Parameter

from flows.cli import faults
from flows.cli.asked import PROGRAM
from flows.cli.place import Place
from flows.cli.said import Said
from tasks.store import private_files

MENUS = {
    "rules": "The law and its editions.\n\n```\nsafeguarding rules list\n```",
    "ledger": "The ledger.\n\n```\nsafeguarding ledger verify\n```",
    "cards": "The cards in Prefect.\n\n```\nsafeguarding cards rebuild\n```",
    "partnership": "The partnership's own folder and its people.\n\n```\nsafeguarding partnership changes\n```",
    "actions": "The actions of reviews.\n\n```\nsafeguarding actions list\n```",
    "yearly-report": "The yearly reports themselves.\n\n```\nsafeguarding yearly-report owed\n```",
    "key": "The master key.\n\n```\nsafeguarding key rotate\n```",
    "privacy": "What was typed, and where it went.\n\n```\nsafeguarding privacy prove --demo\n```",
}
"""The commands that have commands of their own."""

COMMANDS: dict[str, dict[str, str]] = {
    "The law": {
        "check": "law:check",
        "due": "law:due",
        "rules list": "law:list_rules",
        "rules diff": "law:diff_rules",
        "rules adopt": "law:adopt_edition",
        "rules print": "law:print_rules",
    },
    "The record": {
        "open": "record:open_review",
        "open-from": "referral_form:open_from",
        "carry-in": "record:carry_in",
        "import": "moving_in:take_over",
        "next": "record:what_next",
        "do": "record:do",
        "show": "record:show",
        "kept": "record:kept",
        "list": "record:list_reviews",
        "search": "search:search",
        "actions list": "actions:list_actions",
        "actions import": "actions:take_in",
        "actions out": "actions_workbook:take_out",
        "actions in": "actions_workbook:bring_in",
        "readings": "ledger:who_read_what",
        "export": "registers:export",
        "anonymity": "anonymity:look_over",
        "yearly-account": "yearly:account",
        "yearly-report owed": "yearly_reports:owed",
        "yearly-report published": "yearly_reports:published",
        "yearly-report sent": "yearly_reports:sent",
        "yearly-report take-back": "yearly_reports:take_back",
        "bundle": "bundle:make",
        "pdf": "pdf:write",
        "late-letter": "late_letter:draft",
        "notification-sheet": "notification_sheet:write",
        "ledger verify": "ledger:verify",
        "ledger rebuild": "ledger:rebuild",
        "retain": "ledger:retain",
        "erase": "ledger:erase",
    },
    "Sharing what was learnt": {
        "digest": "sharing:digest",
        "briefing": "sharing:briefing",
        "leaflet": "sharing:leaflet",
        "learning": "learnt:learning",
    },
    "Keeping it safe": {
        "backup": "safekeeping:backup",
        "restore": "safekeeping:restore_backup",
        "upgrade": "safekeeping:upgrade",
        "key show": "safekeeping:show_key",
        "key rotate": "safekeeping:rotate_key",
        "key forget": "safekeeping:forget_keys",
    },
    "The dates of a review": {
        "explain": "dates:explain",
        "what-if": "dates:what_if",
        "recompute": "dates:recompute",
        "begin-looks": "begun_since:begin_looks",
    },
    "Plans and calendars": {
        "plan": "plans:plan",
        "calendar": "bank_holidays:calendar",
    },
    "Watching": {
        "health": "watching:health",
        "letters": "watching:letters",
        "undelivered": "watching:undelivered",
        "came-back": "watching:came_back",
        "agencies": "watching:agencies",
        "privacy prove": "privacy:prove",
    },
    "The partnership": {
        "partnership new": "new_partnership:new",
        "partnership workbook": "new_partnership:workbook",
        "partnership changes": "staff:changes",
        "partnership history": "staff:history",
        "referral-form": "referral_form:write",
        "agency": "staff:agency",
        "away": "staff:away",
        "back": "staff:back",
        "hand-over": "staff:hand_over",
        "authenticator-lost": "staff:authenticator_lost",
    },
    "Running": {
        "up": "running:up",
        "demo": "running:demo",
        "login": "running:login",
        "watch": "running:watch",
        "cards rebuild": "running:rebuild_cards",
        "simulation": "running:simulation",
    },
    "In parts": {
        "server": "parts:server",
        "register": "parts:register_doors",
        "register publish": "public_register:publish",
    },
}
"""Every command by its group, and the function that answers it. It is imported only when it is asked."""

COMMON = Group("With every command", sort_key=len(COMMANDS))


def _versions() -> str:
    ours, prefect = version("safeguarding-review-orchestrator"), version("prefect")
    return f"safeguarding {ours} (Python {platform.python_version()}, Prefect {prefect})"


def _answer(
    *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    as_json: Annotated[bool, Parameter(name="--json", help="Answer in JSON.", group=COMMON)] = False,
    demo: Annotated[bool, Parameter(help="Of the demo's record, and not of your own.", group=COMMON)] = False,
) -> int:
    """Answer one question; the exit code."""
    here = Place(demo=demo, waited_for=not as_json and sys.stdout.isatty() and sys.stderr.isatty())
    command, bound, left = app.parse_args(words, exit_on_error=False, print_error=False)
    with here.opened:
        said = command(*bound.args, **bound.kwargs, **{name: here for name, kind in left.items() if kind is Place})
    if not isinstance(said, Said):  # No command was named, and the help was shown instead.
        return faults.ASKED_WRONGLY
    text = json.dumps(said.data, default=str, indent=2, ensure_ascii=False) if as_json else "\n".join(said.words)
    try:
        print(text, flush=True)
    except BrokenPipeError:
        _nobody_reads()
    return said.code


def _menu() -> App:
    """The command line with every command."""
    top = App(
        name=PROGRAM,
        help="The safeguarding review orchestrator.",
        version=_versions,
        version_format="plaintext",
        # «[]» and «{}» are words as any others: nobody types a list of options as JSON.
        default_parameter=Parameter(negative=(), show_default=False, json_list=False, json_dict=False),
    )
    for flag in (*top.help_flags, *top.version_flags):
        top[flag].group = COMMON
    for number, (title, commands) in enumerate(COMMANDS.items()):
        group = Group(title, sort_key=number)
        for name, function in commands.items():
            menu, _, last = name.rpartition(" ")
            if menu and menu not in top:
                top.command(App(name=menu, help=MENUS[menu], group=group))
            under, kind = (top[menu], None) if menu else (top, group)
            under.command(f"flows.cli.{function}", name=last, group=kind)

    top.meta.default(_answer)
    top.meta.suppress_keyboard_interrupt = False
    return top


app = _menu()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and say how it ended; the exit code. Raises SystemExit for a question put wrongly."""
    words = list(sys.argv[1:] if argv is None else argv)
    private_files.make_private()
    try:
        if not words or set(words) & set(app.help_flags):
            _bring_everything()
        code = app.meta(words, exit_on_error=False, print_error=False, result_action="return_value")
    except BrokenPipeError:
        _nobody_reads()
        return faults.REFUSED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  said in words, and noted if nobody foresaw it
        complaint = faults.complaint(error, Place(demo="--demo" in words))
        _complain(complaint, as_json="--json" in words)
        if complaint.exit == faults.ASKED_WRONGLY:
            sys.exit(faults.ASKED_WRONGLY)
        return complaint.exit
    return code or 0


def _bring_everything() -> None:
    """Import every command: the list of them shows the first sentence of each."""
    for command in app.resolved_commands().values():
        command.resolved_commands()


def _nobody_reads() -> None:
    """Whoever reads it (`head`) has read enough: nothing more is said, at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(complaint: faults.Complaint, as_json: bool) -> None:
    if as_json:
        print(json.dumps(complaint.as_data()))
    else:
        print(complaint.words, file=sys.stderr)
