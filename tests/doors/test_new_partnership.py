"""A partnership that begins: the workbook, the questions at a terminal, and the folder made of them."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.terminal import Terminal
from driver.tries import tries
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import config
from config.new_partnership.answers import Given, TableRow, judged
from config.new_partnership.folder import written
from config.new_partnership.questions import AGENCIES, OTHER_ROLES, PEOPLE, QUESTIONS
from safeguarding.as_typed import plain_id
from safeguarding.errors import Fault, RulebookInvalid

Change = Callable[[Workbook], Any]

MOORSHIRE = {
    "name": "Moorshire Safeguarding Partnership",
    "tracks": "children and adults",
    "councils": "Moorshire County Council, Moor City Council",
    "unit_mailbox": "unit@moorshire.example",
    "agree": 2,
    "working_morning": "9:00",
    "quiet_from": "18:00",
    "quiet_to": "08:00",
    "mail_server": "mail.moorshire.example",
    "sender": "reviews@moorshire.example",
    "further": None,
    "decides": None,
}
"""An invented partnership of two councils, as its business manager answers."""


def somebody(name: str) -> tuple[str, str]:
    """A name and an address of nobody."""
    return f"{name} Sample", f"{name.lower().replace(' ', '.')}@moorshire.example"


def fill_in(file: Path, change: Change = lambda _: None) -> None:
    """Fill the workbook that the command writes, as somebody would in Excel; `change` does one thing more."""
    book = load_workbook(file)
    for row, question in enumerate(QUESTIONS, 2):
        assert question.words == book["Partnership"].cell(row, 1).value
        book["Partnership"].cell(row, 2).value = MOORSHIRE[question.key]
    delegates = {}
    for row in range(2, book["People"].max_row + 1):
        role, partner = book["People"].cell(row, 3).value, book["People"].cell(row, 4).value
        name, email = somebody(f"{role.replace('_', ' ')} {partner or ''}".strip().title())
        book["People"].cell(row, 1).value, book["People"].cell(row, 2).value = name, email
        delegates |= {partner: name} if role == "delegated_partner" else {}
        if role == "deputy_partner":
            book["People"].cell(row, 5).value = delegates[partner]
            book["People"].cell(row, 6).value = "Letter of the chief officer, reference MO-1"
    obrien = ("Siân O'Brien", "sian.o'brien@moorshire.example")
    book["Agencies"].append(("Moorshire Children's Services", *obrien, *somebody("Ash")))
    book["Agencies"].append(("Housing", *somebody("Bo"), *somebody("Cy")))
    change(book)
    book.save(file)


@pytest.fixture
def filled(terminal: Terminal) -> Callable[..., Path]:
    """Has the empty workbook written, and fills it."""

    def fill(change: Change = lambda _: None) -> Path:
        file = terminal.home / "moorshire.xlsx"
        code, out, err = terminal("partnership", "workbook", str(file))
        assert (0, True) == (code, str(file) in out), err
        fill_in(file, change)
        return file

    return fill


def test_the_page_can_be_followed_as_it_is_written(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of docs/partnership.md in its order, the workbook filled between: it ends with «no fault»."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "partnership.md").read_text("utf-8")
    monkeypatch.chdir(terminal.home)
    said = ""
    for line in re.findall(r"^\$ (.*)$", page, re.M):
        settings, _, command = line.rpartition("safeguarding ")
        for name, value in (setting.split("=") for setting in settings.split()):
            monkeypatch.setenv(name, value)
        code, said, err = terminal(*command.split())
        assert 0 == code, said + err
        if "workbook" in command:
            fill_in(terminal.home / command.split()[-1])
    assert ": no fault." in said
    shown = set(re.findall(r"^\| `([\w./]+)`", page, re.M))
    there = {f"{one.name}/" if one.is_dir() else one.name for one in (terminal.home / "our-partnership").iterdir()}
    assert there | {"calendars/", "documents.yaml"} == shown, "the page lists what is in the folder, or can be"


def test_from_an_empty_workbook_to_a_clean_check(
    filled: Callable[..., Path], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fill, write, check: no fault; Siân O'Brien has her one address; a referral is opened by the manager."""
    folder = terminal.home / "moorshire"
    code, out, err = terminal("partnership", "new", str(folder), "--from", str(filled()))
    assert 0 == code, out + err
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(folder))
    code, out, _ = terminal("check")
    assert (0, True, True) == (code, ": no fault." in out, "people, 2 agencies." in out), out
    known = config.load(folder).partnership
    assert ("Moorshire Safeguarding Partnership", False, 2) == (known.name, known.example, known.quorum.agree)
    lead = known.person(str(known.agency("moorshire_childrens_services").lead))
    assert ("sian_obrien", "Siân O'Brien", "sian.o'brien@moorshire.example") == (lead.id, lead.name, lead.email)
    deputies = known.deputies("delegated_partner_police_sample")
    assert ["Letter of the chief officer, reference MO-1"] == [one.authority for one in deputies]
    assert "Moorshire County Council, Moor City Council" in (folder / "partnership.yaml").read_text("utf-8")
    assert "@mail.moorshire.example" in (folder / "settings.env").read_text("utf-8")
    manager = known.holders("business_manager")[0].id
    code, out, err = terminal("open", "--form", terminal.form("open_referral", agency="housing"), "--as", manager)
    assert 0 == code, out + err


def test_what_is_not_known_is_a_gap_with_a_name(
    filled: Callable[..., Path], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty answer, a vacant post, a deputy without authority, a lead without address: in the file and told."""

    def leave_open(book: Workbook) -> None:
        book["Partnership"]["B3"] = book["Partnership"]["B6"] = book["Partnership"]["B10"] = None
        for row in book["People"].iter_rows(min_row=2):
            if row[2].value == "independent_chair":
                row[0].value = row[1].value = None
            if row[2].value == "deputy_partner" and row[3].value == "police":
                row[5].value = None
        book["Agencies"]["C3"] = book["Agencies"]["D3"] = book["Agencies"]["E3"] = None

    folder = terminal.home / "moorshire"
    data = terminal.data("partnership", "new", str(folder), "--from", str(filled(leave_open)))
    for gap in (
        "partnership.yaml: how many of the three partners must agree; all three until you say otherwise",
        "people.yaml: nobody is independent chair or scrutineer (independent_chair)",
        "people.yaml: nobody is deputy of a delegated safeguarding partner (deputy_partner) of the police",
        "people.yaml: Deputy Partner Police Sample deputises, and how the authority was recorded is not known yet: "
        "write it and take the # away",
        "people.yaml: Bo Sample has no address yet: write it and take the # away",
        "agencies.yaml: lead of Housing (housing) is not known yet",
        "agencies.yaml: director of Housing (housing) is not known yet",
        "settings.env: the outgoing mail server",
        "retention.yaml: the classes of your own retention schedule",
    ):
        assert gap in data["gaps"]
        file, _, words = gap.partition(": ")
        assert f"# GAP: {words}" in (folder / file).read_text("utf-8")
    # A post that nobody holds stops nothing: `check` names it, and who hears instead.
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(folder))
    code, out, _ = terminal("check")
    assert (0, True) == (code, "vacant: lead of Housing (housing)" in out), out
    # The remark is the entry itself: with the # away it is read.
    people = folder / "people.yaml"
    people.write_text(people.read_text("utf-8").replace("  #", "  ").replace("   GAP:", "  # GAP:"), "utf-8")
    with pytest.raises(RulebookInvalid) as invalid:
        config.load(folder)
    assert "people[bo_sample].email" in {fault.key for fault in invalid.value.faults}


def test_of_which_partner_each_agency_is_a_part(filled: Callable[..., Path], terminal: Terminal) -> None:
    """Of the council, of none, and not said, which is a gap; a partner that there is not is refused by its cell."""

    def said(of_housing: str | None) -> Change:
        def change(book: Workbook) -> None:
            book["Agencies"]["F2"], book["Agencies"]["F3"] = "local authority", of_housing
            book["Agencies"].append(("Voices", *[None] * 4, "none"))

        return change

    folder = terminal.home / "moorshire"
    data = terminal.data("partnership", "new", str(folder), "--from", str(filled(said(None))))
    gap = "agencies.yaml: of which partner these are a part is not said: Housing. Who speaks for it may verify their"
    assert [True] == [one.startswith(gap) for one in data["gaps"] if "of which partner" in one]
    kept = {one.name: one.partner for one in config.load(folder).partnership.agencies}
    assert {"Moorshire Children's Services": "local_authority", "Housing": None, "Voices": None} == kept
    (terminal.home / "moorshire.xlsx").unlink()
    code, out, err = terminal("partnership", "new", f"{folder}2", "--from", str(filled(said("the bank"))))
    assert (1, True) == (code, "Agencies row 3, Part of which partner: is none of: " in out + err), out + err
    assert not Path(f"{folder}2").exists()


def test_a_workbook_of_before_is_read_without_its_partners(filled: Callable[..., Path], terminal: Terminal) -> None:
    """It has no such column: its agencies are read as before, and the gap names them both."""
    folder = terminal.home / "moorshire"
    file = filled(lambda book: book["Agencies"].delete_cols(6))
    data = terminal.data("partnership", "new", str(folder), "--from", str(file))
    assert [True] == ["Moorshire Children's Services, Housing." in one for one in data["gaps"] if "of which" in one]
    assert [None, None] == [one.partner for one in config.load(folder).partnership.agencies]


def test_one_person_for_two_agencies_and_a_role_of_the_partnership(
    filled: Callable[..., Path], terminal: Terminal
) -> None:
    """Siân O'Brien leads one agency, directs another and chairs panels: one entry of the file, with all of it."""

    def hers(book: Workbook) -> None:
        book["Agencies"]["D3"], book["Agencies"]["E3"] = "Siân O'Brien", "sian.o'brien@moorshire.example"
        book["People"].append(("Siân O'Brien", None, "review_panel_chair", None, None, None))

    folder = terminal.home / "moorshire"
    code, out, err = terminal("partnership", "new", str(folder), "--from", str(filled(hers)))
    assert 0 == code, out + err
    known = config.load(folder).partnership
    (she,) = [person for person in known.people if person.name == "Siân O'Brien"]
    assert {"review_panel_chair", "agency_lead", "agency_director"} == set(she.roles)
    assert (she.id, she.id) == (known.agency("moorshire_childrens_services").lead, known.agency("housing").director)


def test_everything_wrong_is_named_by_row_and_column_and_nothing_is_written(
    filled: Callable[..., Path], terminal: Terminal
) -> None:
    """Eleven faults in three sheets are named at once; of what was typed in a cell nothing is repeated."""

    def spoil(book: Workbook) -> None:
        asked, people, agencies = book["Partnership"], book["People"], book["Agencies"]
        asked["B2"], asked["B3"], asked["B6"], asked["B7"] = None, "Wales", "all", "nine"
        asked["B10"] = "mailtos://unit:Nest-Lane@mail.example"
        people["B2"], people["C3"], people["D4"], people["E9"] = "alex at example", "emperor", "army", "Nobody Known"
        people["C12"] = "agency_lead"
        agencies.append(("Housing", None, None, None, "x@y.example"))

    before = sorted(terminal.home.iterdir())
    file = filled(spoil)
    code, out, _ = terminal("partnership", "new", str(terminal.home / "moorshire"), "--from", str(file))
    said = [line.strip().removeprefix(f"{file}: ") for line in out.splitlines()]
    for begins in (
        "Partnership row 2, Answer: is empty: this cannot be left open",
        "Partnership row 3, Answer: is none of: children, adults, both",
        "Partnership row 6, Answer: is no number of partners",
        "Partnership row 7, Answer: give the hour and the minute",
        "Partnership row 10, Answer: is no name of a server",
        "People row 2, Email: is no address of one mailbox",
        "People row 3, Roles: holds a word that is no role; the roles are: business_manager,",
        "People row 4, Speaks for: is none of: local authority, police, integrated care board",
        "People row 9, Deputy for: names nobody who stands among the people",
        "People row 12, Roles: holds agency_lead: write whoever leads or directs an agency with the agency",
        "Agencies row 4, Director: is empty, and an address is given",
        "Agencies: Housing is given twice",
    ):
        assert [line for line in said if line.startswith(begins)], (begins, said)
    assert (1, f"{len(said) - 1} faults, and nothing was written:") == (code, said[0])
    assert "Nest-Lane" not in out and "emperor" not in out
    assert [*before, file] == sorted(terminal.home.iterdir())


def test_a_morning_in_the_quiet_hours_and_a_faulty_cell_are_named(
    filled: Callable[..., Path], terminal: Terminal
) -> None:
    """Begin and end exchanged: no letter would ever leave. And what a cell shows whose formula is broken is no name."""

    def spoil(book: Workbook) -> None:
        asked = book["Partnership"]
        asked["B8"], asked["B9"] = "08:00", "18:00"
        book["People"]["A2"] = "#N/A"

    file = filled(spoil)
    code, out, _ = terminal("partnership", "new", str(terminal.home / "moorshire"), "--from", str(file))
    assert (1, True, True) == (code, "lies in the quiet hours" in out, "the fault of a spreadsheet (#N/A)" in out), out


def test_a_folder_that_holds_something_is_left_alone(filled: Callable[..., Path], terminal: Terminal) -> None:
    """Not empty, a file, in a folder that is not there: each refused before anything is read. Empty is taken."""
    taken, file = terminal.home / "taken", filled()
    taken.mkdir()
    (taken / "people.yaml").write_text("people: []")
    refused = {"taken": "is not empty", "moorshire.xlsx": "is a file or a link", "no/where": "is not there"}
    for name, why in refused.items():
        code, _, err = terminal("partnership", "new", str(terminal.home / name), "--from", str(file))
        assert (1, True) == (code, why in err and "nothing was written" in err), err
    assert ["people.yaml"] == [one.name for one in taken.iterdir()]
    (taken / "people.yaml").unlink()
    assert 0 == terminal("partnership", "new", str(taken), "--from", str(file))[0]
    code, _, err = terminal("partnership", "workbook", str(file))
    assert (1, True) == (code, "is there already" in err)


def bomb() -> bytes:
    """A workbook that would have a hundred million bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 100_000_000)
    return held.getvalue()


def renamed() -> bytes:
    """A workbook of somebody else."""
    book, held = Workbook(), io.BytesIO()
    book.active.append(("Who", "What"))
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (b"name: Moorshire", "is no workbook that can be read: save it as an Excel workbook (.xlsx)"),
        (b"PK\x03\x04 and nothing more", "is no workbook that can be read"),
        (b"", "is no workbook that can be read"),
        (bomb(), "holds more than 20,000,000 bytes when it is opened"),
        (renamed(), "People: this sheet is missing: it may be renamed"),
    ],
    ids=["text", "a broken zip", "nothing", "a bomb", "another workbook"],
)
def test_what_is_no_workbook_is_said(held: bytes, words: str, terminal: Terminal) -> None:
    """Never a traceback, and no folder."""
    file = terminal.home / "moorshire.xlsx"
    file.write_bytes(held)
    code, out, err = terminal("partnership", "new", str(terminal.home / "moorshire"), "--from", str(file))
    assert (1, True) == (code, words in out), out + err
    assert [file] == list(terminal.home.iterdir())


def test_asked_at_a_terminal(terminal: Terminal) -> None:
    """A dozen answers, one of them wrong at first; two agencies; what is not known is left with Enter."""
    folder = terminal.home / "moorshire"
    lines = [
        "Moorshire Safeguarding Partnership",
        *("Wales", "children", "Moorshire County Council", "unit@moorshire.example", "2", *[""] * 7),
        "Alex Example <alex@moorshire.example>",
        "Dana Sample <dana@moorshire.example>; Glenn Sample <glenn@moorshire.example>; Jo Sample, jo@moor.example",
        "Letter of the chief executive, reference MO-1",
        "; Harper Sample <harper@moorshire.example>",
        "",
        *("" for role in OTHER_ROLES if role not in ("business_manager", "sar_group_chair")),
        "Children's services; Siân O'Brien <sian.o'brien@moorshire.example>; Ash Sample <ash@moorshire.example>",
        "Housing; Bo Sample <bo@moorshire.example>",
        "",
    ]
    _, shown = terminal.seen("partnership", "new", str(folder), typed="".join(f"{line}\n" for line in lines))
    assert "That cannot be taken: it is none of: children, adults, both." in shown
    assert "gaps, each a line with" in shown, shown
    people = (folder / "people.yaml").read_text("utf-8")
    assert "deputy_for: glenn_sample" in people and 'name: "Siân O\'Brien"' in people
    assert "sar_group_chair" not in people, "a partnership of the children's track has none"
    assert "# GAP: nobody is lead safeguarding partner (lead_partner) of the police" in people
    assert "lead: bo_sample" in (folder / "agencies.yaml").read_text("utf-8")


def test_nobody_can_be_asked(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a script it says how to go on; a terminal that has gone is not asked for ever."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, _, err = terminal("partnership", "new", str(terminal.home / "moorshire"))
    assert (1, True) == (code, "Nobody can be asked here. Fill the workbook" in err)
    code, shown = terminal.seen("partnership", "new", str(terminal.home / "moorshire"), typed="\n" * 5)
    assert (1, True) == (code, "was not answered in 5 tries. Nothing was written." in " ".join(shown.split()))
    assert [] == list(terminal.home.iterdir())


WORDS = st.text(max_size=40) | st.sampled_from(
    ["\u00a0Housing\u200b", "a: b # c", '"quoted"', "{x}", "- x", "\u0627\u0644"]
)


@tries(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=WORDS, person=WORDS, agency=WORDS, authority=WORDS)
def test_whatever_is_typed_is_refused_or_read_back_as_it_was(
    name: str, person: str, agency: str, authority: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Colons, quotes, signs of YAML, other scripts: what is taken is a value of the folder, the same to the letter."""
    row = {PEOPLE[0]: person, PEOPLE[1]: "a@moorshire.example", PEOPLE[2]: "business_manager", PEOPLE[5]: authority}
    lead = {AGENCIES[0]: agency, AGENCIES[1]: person, AGENCIES[2]: "a@moorshire.example"}
    faults: list[Fault] = []
    asked = Given("terminal", {"name": name}, people=(TableRow("People", row),), agencies=(TableRow("Agencies", lead),))
    answers = judged(asked, faults)
    if answers is None:
        assert faults
        return
    folder = tmp_path_factory.mktemp("made")
    for file, text in written(answers).files.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, "utf-8", newline="")
    known = config.load(folder).partnership
    assert (answers.name, answers.people[0].name) == (known.name, known.holders("business_manager")[0].name)
    assert [answers.agencies[0].name] == [one.name for one in known.agencies]


# --------------------------------------------------------------------------- whose partnership it is


def of_another_shape(book: Workbook) -> None:
    """Two councils by name, education without a vote about children, and the independent chair for adults."""
    answers = {row[0].value: row[1] for row in book["Partnership"].iter_rows(min_row=2)}
    answers["Council or councils"].value = "West Moor Council, East Moor Council"
    answers["Further partners, beside the three"].value = "Education (no vote, children)"
    answers["Who decides about adults"].value = "Independent chair"
    answers["How many of the three partners must agree"].value = "3"
    for row in book["People"].iter_rows(min_row=2):
        if row[3].value == "local authority":
            row[3].value = "West Moor Council"
    book["People"].append(("Eve East Sample", "eve@east.example", "delegated_partner", "East Moor Council", None, None))
    book["People"].append(("Hal Head Sample", "hal@school.example", "delegated_partner", "Education", None, None))


def test_a_partnership_of_another_shape_comes_out_of_the_workbook(
    filled: Callable[..., Path], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two councils, education and the chair who decides are in the folder, which loads; and a gap where nobody is."""
    folder = terminal.home / "moorshire"
    data = terminal.data("partnership", "new", str(folder), "--from", str(filled(of_another_shape)))
    assert [] == data["faults"]
    known = config.load(folder).partnership
    here = known.arrangement("children")
    assert ["west_moor_council", "east_moor_council", "police", "integrated_care_board", "education"] == [
        one.id for one in here.partners
    ]
    assert (4, 3) == (len(here.voting), here.agree)
    assert ("independent_chair", 4) == ((adults := known.arrangement("adults")).decider, len(adults.partners))
    assert "hal_head_sample" in {person.id for person in known.for_track("children").holders("delegated_partner")}
    missing = "people.yaml: nobody is lead safeguarding partner (lead_partner) of the East Moor Council"
    assert missing in data["gaps"]


def test_whatever_is_wrong_about_the_partners_is_named(filled: Callable[..., Path], terminal: Terminal) -> None:
    """More to agree than vote, a partner that is none, a vote that is not said: each is named, and nothing written."""

    def wrong(book: Workbook) -> None:
        of_another_shape(book)
        answers = {row[0].value: row[1] for row in book["Partnership"].iter_rows(min_row=2)}
        answers["Further partners, beside the three"].value = "Education"
        answers["Who decides about adults"].value = "the mayor"
        answers["How many of the three partners must agree"].value = "9"

    folder = terminal.home / "moorshire"
    found = terminal.data("partnership", "new", str(folder), "--from", str(filled(wrong)))["faults"]
    said = " | ".join(f"{one['key']}: {one['problem']}" for one in found)
    for words in (
        "is not written as Education (no vote)",
        "is none of: partners, independent chair, review group",
        "is 9, and 4 partners have a vote",
        "is none of: local authority, police, integrated care board, West Moor Council, East Moor Council",
    ):
        assert words in said
    assert not folder.exists()


@pytest.mark.parametrize("name", ["True", "No", "Null", "On"])
def test_a_name_that_a_file_would_have_as_a_value_is_an_id_all_the_same(name: str) -> None:
    """Somebody called True, or an agency called No: the id made of it is read back as words."""
    assert isinstance(yaml.safe_load(plain_id(name, "person")), str)
