"""
The `safeguarding` command: the same doors without the screen.

Every command answers in words, or with `--json` in JSON with dates as ISO. A refusal names everything that
stands in the way and ends with exit code 1; a question put wrongly ends with 2.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.cli import dates, law, parts, plans, record, running, watching
from flows.cli.said import Said
from safeguarding.dates.london import LONDON
from safeguarding.errors import SafeguardingError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and say how it ended."""
    arguments = parser().parse_args(argv)
    try:
        said: Said = arguments.run(arguments)
    except SafeguardingError as error:
        if arguments.json:
            print(json.dumps({"error": error.code, "words": str(error), "unmet": getattr(error, "unmet", [])}))
        else:
            print(_plainly(error), file=sys.stderr)
        return 1
    answer = (
        json.dumps(said.data, default=str, indent=2, ensure_ascii=False) if arguments.json else "\n".join(said.words)
    )
    try:
        print(answer, flush=True)
    except BrokenPipeError:  # Whoever reads it (`head`) has read enough; nothing more is said, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return said.code


def _plainly(error: SafeguardingError) -> str:
    unmet = getattr(error, "unmet", ())
    if not unmet:
        return str(error)
    head = str(error).split(": cannot ")[0]
    step = str(getattr(error, "transition", "")).replace("_", " ")
    return "\n".join([f"{head}: cannot {step} yet:", *(f"  - {reason}" for reason in unmet)])


def a_day(text: str) -> date:
    """A day as ISO: 2026-12-18."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-12-18") from None


def a_moment(text: str) -> datetime:
    """A moment as ISO; without a zone it is London time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a time such as 2026-12-18T10:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(prog="safeguarding", description="The safeguarding review orchestrator.")
    menu = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Any, words: str) -> argparse.ArgumentParser:
        made = menu.add_parser(name, help=words, description=words)
        made.add_argument("--json", action="store_true", help="answer in JSON")
        made.set_defaults(run=run)
        return made

    _law(command)
    _clock(command)
    _record(command, menu)
    plans.register(command, menu, a_day)
    watching.register(command)
    _system(command, menu)
    parts.register(command)
    return top


def _law(command: Any) -> None:
    """Questions to the rulebook: no record is touched."""
    command("check", law.check, "Load every rule, calendar, template and the partnership's file; list every fault.")
    made = command("due", law.due, "The day a duty falls due.")
    made.add_argument("rule", help="the rule's id, such as C05, or its name")
    made.add_argument("date", type=a_day, help="the anchor's date, or the publication date for a backward rule")


def _clock(command: Any) -> None:
    """The dates of a review: how one was worked out, what if, counted again."""
    made = command("explain", dates.explain, "How a day is worked out, each day counted or skipped.")
    made.add_argument("what", metavar="RULE|REFERENCE", help="a rule with a date, or a review with one of its duties")
    made.add_argument(
        "duty",
        metavar="DATE|DUTY",
        type=dates.a_rule_date_or_duty,
        help="the anchor's date (the publication date for a backward rule), or the duty's id or name",
    )
    made.add_argument("--of", help="of which agency or action, where a duty is owed by several")
    _at(made)
    made = command("what-if", dates.what_if_command, "Every date of a review if; nothing is written.")
    made.add_argument("reference")
    made.add_argument(
        "--event",
        action="append",
        required=True,
        type=dates.a_supposition,
        metavar="EVENT=DATE",
        help="such as notification_sent=2026-12-17; EVENT:AGENCY=DATE for one agency; as often as needed",
    )
    _at(made)
    made = command("recompute", dates.recompute, "Which running dates would move under the bank holidays now loaded.")
    made.add_argument("reference", nargs="?", help="of one review; of all open ones unless given")
    made.add_argument("--accept", action="store_true", help="move them: the old dates stay, each owner is told")
    made.add_argument("--reason", help="why, in words that are sealed in the record")
    made.add_argument("--as", dest="person", help="who accepts: the business manager's id")
    _at(made)


def _record(command: Any, menu: Any) -> None:
    """The record: open a review, take a step, read."""
    made = command("open", record.open_review, "Open a referral.")
    _signed(made)
    made = command("do", record.do, "Take a step of a review.")
    made.add_argument("reference")
    made.add_argument("step", help="such as conclude_rapid_review; `safeguarding next REF` lists them")
    made.add_argument("--version", type=int, help="the version of the review you looked at")
    _signed(made)
    made = command("next", record.what_next, "The steps a review permits now, and the questions of each.")
    made.add_argument("reference")
    made.add_argument("--step", help="the questions of one step, as JSON schema with --json")
    made = command("show", record.show, "A review: where it stands, what is owed, its history.")
    made.add_argument("reference")
    made.add_argument("--unseal", action="store_true", help="with the sealed text of every line")
    made = command("list", record.list_reviews, "Every review.")
    made.add_argument("--open", action="store_true", dest="open_only", help="only those not closed")
    made = command("watch", running.watch, "Sweep once: find what is owed, write the notices, deliver them.")
    _at(made)
    inner = menu.add_parser("ledger", help="The ledger.").add_subparsers(dest="ledger", required=True)
    made = inner.add_parser("verify", help="Prove that no line was changed, removed or put in.")
    made.add_argument("reference", nargs="?")
    made.add_argument("--json", action="store_true")
    made.set_defaults(run=record.verify)


def _system(command: Any, menu: Any) -> None:
    """The running system."""
    inner = menu.add_parser("cards", help="The cards in Prefect.").add_subparsers(dest="cards", required=True)
    made = inner.add_parser("rebuild", help="Bring back every card and schedule from the record.")
    made.add_argument("--json", action="store_true")
    made.set_defaults(run=running.rebuild_cards)
    command("simulation", running.simulation, "Make a record, where there is none, that takes other times than now.")
    made = command("up", running.up, "Run the system on your own record.")
    made.add_argument("--port", type=int, help="of the page (4200 unless set)")
    made = command("demo", running.demo, "Run the system on an invented partnership with twelve reviews.")
    made.add_argument("--port", type=int)
    made.add_argument("--home", type=Path, help="where the demo keeps its record")


def _signed(made: argparse.ArgumentParser) -> None:
    made.add_argument("--form", required=True, help="a JSON or YAML file with the answers, or - for standard input")
    made.add_argument("--as", dest="person", required=True, help="who signs: an id of the partnership's file")
    made.add_argument("--minuted", metavar="REFERENCE", help="decided in a meeting: the reference of the minute")
    made.add_argument("--proved", action="store_true", help="a signed paper is held")
    _at(made)


def _at(made: argparse.ArgumentParser) -> None:
    made.add_argument("--at", type=a_moment, metavar="TIME", help="another time than now; only in a simulation")
