"""
Canaries through the command line: each command is a process of its own, and the word goes to it in a file or is typed
into it. None is an argument, which everybody on the machine could read in the list of processes, but for one way: an
option that is refused is not kept.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from config.settings import OWN_FOLDER, OWN_FOLDER_BEFORE
from flows.demo.answers import answer
from flows.privacy.planting import NEVER, STRANGER, TOO_LONG, Planting, signs
from flows.privacy.running_system import Json

DOOR = "commands and their files"
ENDS_WITHIN = 90.0
"""Seconds."""
AT_ONCE = 2
"""Processes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it is asked: its words, what is typed into it, its own settings, whether it is killed meanwhile."""

    words: tuple[str, ...]
    typed: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    killed: bool = False


def plant(planting: Planting) -> None:
    """Every command that is refused before it writes anything."""
    with ThreadPoolExecutor(AT_ONCE) as several:
        list(several.map(lambda asked: _ask(planting, asked), _refused(planting)))


def _ask(planting: Planting, asked: Asked) -> str:
    """Ask a command in a process of its own; what it printed, which nobody keeps."""
    if planting.stopped.is_set():
        return ""
    environment = {**planting.installation.settings.as_environment(), **dict(asked.settings)}
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", "flows.cli", *asked.words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=planting.folder,
        env=environment,
        text=True,
    )
    try:
        if asked.killed and process.stdin is not None:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                process.stdin.write(asked.typed)
                process.stdin.flush()
                process.wait(2.0)
            return ""
        return process.communicate(asked.typed, ENDS_WITHIN)[0]
    except subprocess.TimeoutExpired:
        planting.left_out.append(f"`safeguarding {asked.words[0]}`, which did not end within {ENDS_WITHIN:.0f} seconds")
        return ""
    finally:
        process.kill()
        process.communicate()


def _refused(planting: Planting) -> Iterator[Asked]:
    def new(way: str) -> str:
        return planting.canaries.new(DOOR, way)

    def opening(way: str, text: str, person: str = "alex_example") -> Asked:
        return Asked(("open", "--form", str(_file(planting, way, text)), "--as", person))

    def referral(word: str, **changes: str) -> str:
        return json.dumps({**_plain(answer("open_referral", None, planting.today)), "summary": word, **changes})

    yield opening("lies ahead.json", referral(new("open, a day that lies ahead"), received_on=NEVER))
    yield opening("stranger.json", referral(new("open, signed by a stranger")), person="nobody_known")
    yield opening("long.json", referral(f"{new('open, longer than a question takes')} {'x' * TOO_LONG}"))
    yield opening("broken.json", '{"summary": "' + new("open, broken JSON"))
    yield opening("broken.yaml", f"summary: [{new('open, broken YAML')}\ntrack: : children")
    word = new("open, a question that no form has")
    yield opening("unknown.json", referral(word, **{word: word}))
    before = answer("carry_in", None, planting.today, summary=new("carry-in, a day that lies ahead"), began_on=NEVER)
    yield Asked(
        ("carry-in", "--form", str(_file(planting, "carried.json", json.dumps(_plain(before)))), "--as", "alex_example")
    )
    typed = referral(new("open, typed, a day that lies ahead"), received_on=NEVER)
    yield Asked(("open", "--form", "-", "--as", "alex_example", "--json"), typed)
    half = referral(new("open, killed while it is typed"))[:-1]
    yield Asked(("open", "--form", "-", "--as", "alex_example"), half, killed=True)
    form = _file(planting, "meeting.json", json.dumps({"note": new("do, of a review that is not there")}))
    yield Asked(("do", STRANGER, "record_meeting", "--form", str(form), "--as", "alex_example"))
    yield from _other_commands(planting)


def _other_commands(planting: Planting) -> Iterator[Asked]:
    def new(way: str) -> str:
        return planting.canaries.new(DOOR, way)

    for words in (("check",), ("due", "C05", "2026-11-27"), ("explain", "C05", "2026-11-27"), ("list", "--open")):
        text = f"name: {new(f'{words[0]}, with a broken file of the partnership')}\npeople: [\n"
        broken = str(_file(planting, f"partnership-{words[0]}.yaml", text))
        yield Asked(words, settings=((OWN_FOLDER, broken), (OWN_FOLDER_BEFORE, "")))
    heads = _file(planting, "heads.json", json.dumps({"said": new("ledger verify, against a strange file")}))
    yield Asked(("ledger", "verify", "--against", str(heads)))
    backup = _file(planting, "backup.zip", new("restore, of what is no backup"))
    yield Asked(("restore", str(backup)))
    yield Asked(_draft(planting, STRANGER, "anonymity, a draft for a review that is not there"))
    yield Asked(_bundle(planting, STRANGER, "bundle, a password for a review that is not there"))
    searched = ("search", "--typed", "--as", "alex_example")
    yield Asked(searched, f"{new('search, words that are typed')}\n")
    yield Asked((*searched, "--sealed", "--until", "soon"), f"{new('search, refused')}\n")
    yield Asked(("login",), f"{new('login, one that cannot be taken')}\n")
    yield Asked(("list", f"--{new('an option that is refused')}"))


def _bundle(planting: Planting, reference: str, way: str) -> tuple[str, ...]:
    """The command that closes a bundle with a password, which is in a file."""
    file = _file(planting, f"password-{reference}", planting.canaries.new(DOOR, way))
    made = str(planting.folder / f"{reference}.zip")
    closes = ("--password-file", str(file))
    return ("bundle", reference, made, "--as", "alex_example", "--reason", "our own audit", *closes)


def _draft(planting: Planting, reference: str, way: str) -> tuple[str, ...]:
    """The command that looks a draft over, with names beside it: both are files."""
    draft = _file(planting, f"draft-{reference}.txt", f"Then {planting.canaries.new(DOOR, way)}, aged 7, was seen.")
    names = _file(planting, f"names-{reference}.txt", planting.canaries.new(DOOR, f"{way}: a name besides"))
    return ("anonymity", reference, str(draft), "--as", "alex_example", "--also", str(names))


def _file(planting: Planting, name: str, text: str) -> Path:
    file = planting.folder / name.replace(" ", "-")
    file.write_text(text, encoding="utf-8")
    return file


def _plain(answers: Json) -> Json:
    found: Json = json.loads(json.dumps(answers, default=str))
    return found


# --------------------------------------------------------------------------- where reviews may be opened


def plant_and_open(planting: Planting) -> str:
    """Open a review, take steps that are accepted and refused, close it and read it: all by commands; its reference."""

    def form(step: str, way: str, **changes: str) -> str:
        review = planting.read(reference) if reference else None
        answers = planting.in_the_sealed(step, review, DOOR, way, **changes)
        return str(_file(planting, f"{step}-{len(planting.canaries)}.json", json.dumps(answers, default=str)))

    reference = ""
    opened = Asked(
        (
            "open",
            "--form",
            form("open_referral", "open, accepted", concern="learning request"),
            "--as",
            signs("open_referral"),
            "--json",
        )
    )
    try:
        reference = str(json.loads(_ask(planting, opened))["reference"])
    except (ValueError, KeyError):
        return ""
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("record_meeting", "do, accepted", {}),
        ("record_meeting", "do, refused", {"on": NEVER}),
        ("close_not_serious", "do, refused by a day that lies ahead", {"decided_on": NEVER}),
        ("close_not_serious", "do, accepted: the review is closed", {}),
    )
    for step, way, changes in steps:
        _ask(planting, Asked(("do", reference, step, "--form", form(step, way, **changes), "--as", signs(step))))
    closed = _bundle(planting, reference, "bundle, a password that closes it")
    looked = _draft(planting, reference, "anonymity, a draft that is looked over")
    for words in (("show", reference, "--unseal"), ("kept", reference), ("next", reference), looked, closed):
        _ask(planting, Asked(words))
    return reference
