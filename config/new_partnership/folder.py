"""
The files of a new partnership's own folder, made of what was answered. What is not known is a gap with a name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import time
from importlib.resources import files

from config.checks import KEPT_IDS
from config.new_partnership.answers import AgencyGiven, Somebody, WhatIsKnown
from config.new_partnership.partners_given import OF_NONE
from config.new_partnership.questions import AGENCY_ROLES, PARTNER_NAMES, PARTNER_ROLES
from config.settings import OWN_FOLDER, PREFIX
from safeguarding.as_typed import looks, plain_id
from safeguarding.law.roles import ROLES

GAP = "GAP:"
"""How a line begins, after its #, that says what is not known yet."""
AS_SHIPPED = ("ladder.yaml", "local_dates/adults.yaml", "local_dates/both_tracks.yaml", "local_dates/children.yaml")
"""What a new partnership takes over from the invented one, to be read and changed by its own people."""


@dataclass(slots=True)
class NewFolder:
    """The files by their name in the folder, and the gaps in them, each with its file."""

    files: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)

    def gap(self, file: str, words: str) -> str:
        """Note a gap; the line that names it in its file."""
        self.gaps.append(f"{file}: {words}")
        return f"# {GAP} {words}"


def written(answers: WhatIsKnown) -> NewFolder:
    """Every file of the folder as text. Nothing is written to a disk here."""
    made = NewFolder()
    ids = _Ids()
    people, agencies = _whole(answers, ids)
    made.files["partnership.yaml"] = _partnership(answers, made)
    made.files["people.yaml"] = _people(answers, people, ids, made)
    made.files["agencies.yaml"] = _agencies(agencies, people, made)
    made.files["channels.yaml"] = _channels(answers, made)
    made.files["choices.yaml"] = _choices(answers, made)
    made.files["retention.yaml"] = _retention(made)
    made.files["questions.yaml"] = _QUESTIONS
    made.files["milestones.yaml"] = _MILESTONES
    shipped = files("config").joinpath("partnership")
    for name in AS_SHIPPED:
        words = "these are taken over from the invented partnership: read each, and change what your procedures say"
        text = shipped.joinpath(*name.split("/")).read_text("utf-8")
        made.files[name] = f"{made.gap(name, words)}\n{text}"
    made.files["templates/README.txt"] = _README_OF_TEMPLATES
    made.files["settings.env"] = _settings(answers, made)
    return made


# --------------------------------------------------------------------------- ids


class _Ids:
    """An id for each person and agency, of their name, and no two the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set(KEPT_IDS)
        self._people: dict[str, str] = {}

    def of_agency(self, name: str) -> str:
        return self._free(plain_id(name, "agency")[:28], 30)

    def of_person(self, name: str) -> str:
        """The same id for the same person each time."""
        known = looks(name)
        if known not in self._people:
            self._people[known] = self._free(plain_id(name, "person")[:56], 60)
        return self._people[known]

    def _free(self, wanted: str, longest: int) -> str:
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted[: longest - 1 - len(str(number))]}_{number}"
        self._taken.add(found)
        return found


# --------------------------------------------------------------------------- people and agencies


@dataclass(frozen=True, slots=True)
class _Entry:
    """A person as the file has them."""

    id: str
    person: Somebody
    agencies: tuple[str, ...] = ()
    missing: str = ""
    """Why they cannot serve yet, so that the entry stands there as a remark; empty where they can."""


def _whole(answers: WhatIsKnown, ids: _Ids) -> tuple[list[_Entry], list[tuple[str, AgencyGiven]]]:
    """Everybody with their id and agencies; and the agencies with theirs."""
    entries = {looks(one.name): _Entry(ids.of_person(one.name), one, missing=_missing(one)) for one in answers.people}
    agencies = [(ids.of_agency(agency.name), agency) for agency in answers.agencies]
    for agency_id, agency in agencies:
        for person in (agency.lead, agency.director):
            if person is None:
                continue
            known = entries.get(looks(person.name)) or _Entry(ids.of_person(person.name), person)
            both = replace(
                known.person,
                email=known.person.email or person.email,
                roles=tuple(dict.fromkeys((*known.person.roles, *person.roles))),
            )
            serves = tuple(dict.fromkeys((*known.agencies, agency_id)))
            entries[looks(person.name)] = _Entry(known.id, both, serves, _missing(both))
    found = list(entries.values())
    absent = {looks(one.person.name) for one in found if one.missing}
    return [_without_principal(one, absent) for one in found], agencies


def _missing(person: Somebody) -> str:
    if person.email is None:
        return "has no address yet"
    if "deputy_partner" in person.roles and not person.authority:
        return "deputises, and how the authority was recorded is not known yet"
    return ""


def _without_principal(entry: _Entry, absent: set[str]) -> _Entry:
    if not entry.missing and entry.person.deputy_for and looks(entry.person.deputy_for) in absent:
        return replace(entry, missing=f"deputises for {entry.person.deputy_for}, who is not written in yet")
    return entry


def _people(answers: WhatIsKnown, entries: list[_Entry], ids: _Ids, made: NewFolder) -> str:
    file = "people.yaml"
    serving = [one for one in entries if not one.missing]
    held = {role for one in serving for role in one.person.roles}
    further = {one.id for one in answers.partners if one.kind == "further"}
    lines = [
        "# Everybody who acts in the system. No secret belongs here. Of a person one may also say:",
        "#   teams: NAME           the name of the secret that holds the address of their Teams workflow",
        "#   wants: email | teams | both        how letters reach them (email unless it is said)",
        "#   digest: daily | weekly | none      how often they have a list of what is owed",
    ]
    for role in answers.roles_needed():
        if role in AGENCY_ROLES:
            continue
        if role not in held:
            lines.append(made.gap(file, f"nobody is {ROLES[role]} ({role})"))
        elif role in PARTNER_ROLES:
            spoken_for = {one.person.partner for one in serving if role in one.person.roles}
            lines += [
                made.gap(file, f"nobody is {ROLES[role]} ({role}) of the {words}")
                for partner, words in answers.spoken_for().items()
                if partner not in spoken_for and (partner not in further or role == "delegated_partner")
            ]
    lines.append("people:")
    for entry in entries:
        text = [f"  - id: {entry.id}", *(f"    {line}" for line in _fields(entry, ids))]
        if entry.missing:
            lines.append(f"  {made.gap(file, f'{entry.person.name} {entry.missing}: write it and take the # away')}")
            text = [f"  #{line[2:]}" for line in text]
        lines += text
    return "\n".join([*lines, ""])


def _fields(entry: _Entry, ids: _Ids) -> Iterator[str]:
    person = entry.person
    yield f"name: {_quoted(person.name)}"
    yield f"email: {_quoted(person.email or '')}"
    yield f"roles: [{', '.join(person.roles)}]"
    if person.partner:
        yield f"partner: {person.partner}"
    if entry.agencies:
        first, *others = entry.agencies
        yield f"agency: {first}"
        if others:
            yield f"agencies: [{', '.join(others)}]"
    if person.deputy_for:
        yield f"deputy_for: {ids.of_person(person.deputy_for)}"
    if "deputy_partner" in person.roles or person.authority:
        yield f"authority: {_quoted(person.authority)}"


def _agencies(agencies: list[tuple[str, AgencyGiven]], entries: list[_Entry], made: NewFolder) -> str:
    file = "agencies.yaml"
    there = [one for one in entries if not one.missing]
    serving = {(agency, looks(one.person.name)): one.id for one in there for agency in one.agencies}
    lines = ["# The agencies that take part: the lead is asked and chased first, the director second.", "agencies:"]
    for agency_id, agency in agencies:
        lines += [f"  - id: {agency_id}", f"    name: {_quoted(agency.name)}"]
        for key, person in (("lead", agency.lead), ("director", agency.director)):
            found = serving.get((agency_id, looks(person.name))) if person else None
            gap = "" if found else made.gap(file, f"{key} of {agency.name} ({agency_id}) is not known yet")
            lines.append(f"    {key}: {found}" if found else f"    {gap}")
        if agency.partner not in ("", OF_NONE):
            lines.append(f"    partner: {agency.partner}")
    unsaid = [one.name for agency_id, one in agencies if not one.partner and agency_id not in PARTNER_NAMES]
    if unsaid:
        which = f"of which partner these are a part is not said: {', '.join(unsaid)}"
        words = f"{which}. Who speaks for it may verify their actions until `partner:` says it (none: take this away)"
        lines.append(made.gap(file, words))
    return "\n".join([*lines, "", *_BODIES, ""])


# --------------------------------------------------------------------------- the rest


def _partnership(answers: WhatIsKnown, made: NewFolder) -> str:
    file = "partnership.yaml"
    lines = [
        "# The partnership. Every .yaml file in this folder is read, and each key stands in one of them; only `local`,",
        "# its own dates, may be spread over several. `safeguarding check` names every fault by file, key and line.",
        f"# Council or councils: {answers.councils}"
        if answers.councils
        else made.gap(file, "which council or councils belong to it"),
        f"name: {_quoted(answers.name)}",
        "# Which reviews it runs: of children, of adults, or of both.",
        f"tracks: [{', '.join(answers.tracks)}]",
        "",
        "# Reminders leave on the morning of a working day. The missing of a statutory date waits for neither.",
    ]
    if answers.working_morning is None:
        lines.append(made.gap(file, "when a working morning begins; 09:00 until you say otherwise"))
    lines.append(f'working_morning: "{_clock(answers.working_morning, "09:00")}"')
    if answers.quiet_from is None or answers.quiet_to is None:
        lines.append(made.gap(file, "the quiet hours; what is not known is 18:00 and 08:00 until you say otherwise"))
    begin, end = _clock(answers.quiet_from, "18:00"), _clock(answers.quiet_to, "08:00")
    lines += [f'quiet_hours: {{from: "{begin}", to: "{end}"}}', ""]
    lines += _who_decides(answers)
    lines.append("# The duty of the three partners is equal and joint: all are present, in person or by deputy.")
    if answers.agree is None:
        usual = "the three partners must agree; all three", "the partners must agree; all that have a vote"
        lines.append(made.gap(file, f"how many of {usual[bool(answers.partners)]} until you say otherwise"))
    further = {one.id for one in answers.partners if one.kind == "further"}
    present = [partner for partner in answers.spoken_for() if partner not in further]
    agree = "" if answers.agree is None else f", agree: {answers.agree}"
    lines.append(f"quorum: {{present: [{', '.join(present)}]{agree}}}")
    return "\n".join([*lines, ""])


def _who_decides(answers: WhatIsKnown) -> list[str]:
    """The partners that are not the usual three, and who decides about adults where it is not the partners."""
    lines = []
    if answers.partners:
        lines += ["# The three statutory partners are always there; two councils are named for the one.", "partners:"]
    for one in answers.partners:
        lines += [f"  - id: {one.id}", f"    name: {_quoted(one.name)}"]
        lines.append(f"    vote: {'yes' if one.vote else 'no'}" if one.kind == "further" else f"    kind: {one.kind}")
        lines += [f"    tracks: [{', '.join(one.tracks)}]"] if one.tracks else []
    if answers.decides != "partners":
        lines += ["# About a child the partners decide.", f"decides: {{adults: {answers.decides}}}"]
    return [*lines, ""] if lines else []


def _channels(answers: WhatIsKnown, made: NewFolder) -> str:
    lines = [
        "# Shared mailboxes and Teams channels of a role, beside what its people want for themselves.",
        "# A Teams workflow is given by the NAME of its secret: teams: unit",
    ]
    if answers.unit_mailbox is None:
        return "\n".join([*lines, made.gap("channels.yaml", "the mailbox of the business unit"), "channels: []", ""])
    return "\n".join([*lines, "channels:", f"  - {{role: business_unit, email: {_quoted(answers.unit_mailbox)}}}", ""])


_CONVENTIONS = (
    ("rapid_review_anchor", "notification_sent", "or became_aware, which is stricter and which no source asks for"),
    ("strict_clear_days", "false", "true costs one working day before each publication"),
    ("day_zero", "excluded", "included counts the first day as day one: earlier, never later"),
)


def _choices(answers: WhatIsKnown, made: NewFolder) -> str:
    lines = [
        "# Where the law leaves a choice, the choice and where it is written down: printed wherever it counts.",
        made.gap("choices.yaml", "the partners decide each of these, and `source` says where that is written down"),
        "choices:",
    ]
    for key, value, words in _CONVENTIONS:
        source = "Not yet decided by the partners: taken over from the invented example"
        lines += [f"  {key}:  # {words}", f"    value: {value}", f"    source: {_quoted(source)}"]
    return "\n".join([*lines, ""])


def _retention(made: NewFolder) -> str:
    return "\n".join(
        [
            "# How long the text of a closed review is kept, in whole years from its closing. Without a class every",
            "# closed review stays on legal hold, and nothing is erased. A class is written so:",
            "#   - {id: reviewed, words: reviewed, years: 25, source: where your retention schedule says so}",
            made.gap("retention.yaml", "the classes of your own retention schedule"),
            "retention: []",
            "",
        ]
    )


def _settings(answers: WhatIsKnown, made: NewFolder) -> str:
    file, server = "settings.env", answers.mail_server or "mail.example.org"
    lines = [
        "# What the machine is told about this partnership: for the file safeguarding.env of the installation.",
        "# The password of the mail server goes there, or into a file for its owner alone, and never into this folder.",
        f"#{OWN_FOLDER}=/where/this/folder/lies",
    ]
    if not answers.mail_server:
        lines.append(made.gap(file, "the outgoing mail server"))
    lines.append(f"#{PREFIX}SECRET_MAIL_URL=mailtos://USER:PASSWORD@{server}")
    if answers.sender is None:
        lines.append(made.gap(file, "the address that letters come from"))
    lines += [
        f"{'' if answers.sender else '#'}{PREFIX}SENDER={answers.sender or 'reviews@example.org'}",
        f"{PREFIX}SENDER_NAME={answers.name}",
        "",
    ]
    return "\n".join(lines)


def _clock(given: time | None, otherwise: str) -> str:
    return otherwise if given is None else given.strftime("%H:%M")


def _quoted(text: str) -> str:
    """Words as YAML has them in every case: whatever stands in them is words."""
    return json.dumps(text, ensure_ascii=False)


_BODIES = (
    "# The bodies outside (the national Panel, Ofsted, the libraries) are shipped with the program. Only what is",
    "# otherwise here is said, by the same id, under `recipients:` and without the #:",
    "#   - {id: ofsted, way: secure mail}",
)
_QUESTIONS = """\
# What you ask besides on the form of a step (`safeguarding next REVIEW` lists them). Answers are kept with the step.
# Nothing is decided by them. A question is written so, under `questions:` and without the #:
#   - id: school_told          its name in the record: keep it, also when you change its words
#     step: open_referral
#     track: children          or adults, or both (both unless it is said)
#     title: Was the school told?
#     help: Our procedure asks it.
#     kind: yes_no             or text, date, or choice with its choices: [One, Other]
#     required: yes            no unless it is said
#     sealed: no               encrypted unless it is said; free text always is
questions: []
"""
_MILESTONES = """\
# Happenings of your own procedure: your own steps (`local_dates/`) may begin with one, be met or end by it. Recorded by
# «Record a milestone of your own». One is written so, under `milestones:` and without the #:
#   - id: own.huddle_held              its name in the record: keep it, also when you change its words
#     words: the huddle was held       after «the day on which»
#     track: children                  or adults, or both (both unless it is said)
#   - {id: own.panel_day, words: the planned day of the panel, planned: yes}     may lie ahead, to be counted back from
milestones: []
"""
_README_OF_TEMPLATES = """\
Letters in your own words. A file here goes before the one of the same name that is shipped with the program
(config/templates: reminder.md.j2, due_missed.md.j2 and so on). Copy the one that you want to change, change its words,
and ask `safeguarding check`: it names whatever could not be filled in or would say too much, with its line.
"""
