"""Partnerships of other shapes than the example's: further partners, two councils, a chair who decides, by track."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from driver.own_shape import FOLDERS, TO_THE_END, OwnShape, record_of
from driver.tables import NEW_OF_ACTIONS
from sqlalchemy import text

from config import load
from config.vacancies import warnings
from flows.demo.invented import no
from safeguarding.errors import RulebookInvalid, TransitionRefused
from safeguarding.law.partners import STATUTORY
from safeguarding.law.period import Term
from safeguarding.notices.owed import Owed
from safeguarding.notices.recipients import Appointed, people_of
from safeguarding.shown.card import description, signed_form
from safeguarding.shown.decided import last_decided
from safeguarding.stages import STEPS
from tasks.record.records import Records
from tasks.record.sweep import sweep
from tasks.store.migrations import migrate
from tasks.store.owed import load_owed

NAMES = sorted(folder.name for folder in FOLDERS.iterdir() if folder.is_dir())
Begun = Callable[[str, str], OwnShape]
DAY = date(2026, 3, 2)
DISSENT = {"position": "dissent", "reasons": "The learning is in hand."}


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Begun]:
    """A review of one track in one of the partnerships."""
    opened: list[Records] = []

    def begin(name: str, track: str) -> OwnShape:
        opened.append(record_of(FOLDERS / name, tmp_path))
        return OwnShape(opened[-1], track)

    yield begin
    for records in opened:
        records.engine.dispose()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("track", ["children", "adults"])
def test_a_review_of_each_track_runs_through_each_partnership(name: str, track: str, begun: Begun) -> None:
    """From the referral to the closing, each joint decision by its own partners; and the ledger verifies."""
    case = begun(name, track)
    for step in TO_THE_END[track]:
        case.take(step)
    assert "closed" == case.review.state
    assert [] == list(case.records.verify())


# --------------------------------------------------------------------------- the seed partnership's shape


GAPS = ("deputy_partner", "independent_chair", "review_panel_chair", "lead_reviewer", "learning_group")


def test_a_file_with_every_gap_is_taken_and_its_gaps_are_named(tmp_path: Path) -> None:
    """
    One file as the published arrangements give it. It has no fault; each vacant post is named with who hears instead;
    a review goes on to the commissioning, which says in words that its chair holds no such role in the file; once
    somebody does, it goes on to the closing.
    """
    file = tmp_path / "ours.yaml"
    file.write_bytes((FOLDERS / "one_file.yaml").read_bytes())
    records = record_of(file, tmp_path)
    said = warnings(records.rulebook.partnership, DAY)
    vacant = [line for line in said if line.startswith("vacant: ")]
    assert [f"({role}): Siân O'Neill hears instead" for role in GAPS] == [line[line.index("(") :] for line in vacant]
    case = OwnShape(records, "children").until("commission_review")
    with pytest.raises(TransitionRefused, match="Ann Sample does not hold the role of review panel chair"):
        case.take("commission_review", chair="lsp_council")
    held = file.read_text("utf-8").replace(
        "roles: [lead_partner], partner: local", "roles: [lead_partner, XX], partner: local"
    )
    file.write_text(held.replace("XX", "review_panel_chair"), "utf-8")
    records.rulebook = load(file)
    for step in TO_THE_END["children"][TO_THE_END["children"].index("commission_review") :]:
        case.take(step)
    assert "closed" == case.review.state
    assert [] == list(records.verify())
    records.engine.dispose()


def test_education_as_a_partner_that_the_file_does_not_name_is_refused_in_words(tmp_path: Path) -> None:
    """Three head teachers speak for education, and no partner is called so: each is named, with where it is said."""
    heads = "".join(
        f"  - {{id: head_{n}, name: Hal Sample, email: hal@school.example, roles: [delegated_partner], "
        "partner: education}\n"
        for n in range(3)
    )
    file = tmp_path / "ours.yaml"
    whole = (FOLDERS / "one_file.yaml").read_text("utf-8")
    file.write_text(whole.replace("agencies:\n", f"{heads}agencies:\n", 1), "utf-8")
    with pytest.raises(RulebookInvalid) as refused:
        load(file)
    assert [f"people[head_{n}].partner" for n in range(3)] == [fault.key for fault in refused.value.faults]
    assert all("a further one is named under 'partners'" in fault.problem for fault in refused.value.faults)


def test_education_sits_beside_the_three_without_a_vote(begun: Begun) -> None:
    """
    The form of a child decision asks a position of education too, through any of its three head teachers; what they
    say is recorded, and «two of three agree» does not count them.
    """
    case = begun("skerneside", "children").until("decide_review")
    drawn = signed_form(STEPS["decide_review"], case.review, case.records.rulebook).model_json_schema()
    assert [*STATUTORY, "education"] == list(drawn["$defs"]["Positions"]["properties"])
    heads = drawn["$defs"]["Position_education"]["properties"]["person"]["anyOf"][0]["enum"]
    assert ["Hal Sample (dsp_primary)", "Ian Sample (dsp_secondary)", "Joy Sample (dsp_send)"] == heads

    alone = {
        "police": {"person": "dsp_police", **DISSENT},
        "integrated_care_board": {"person": "dsp_icb", **DISSENT},
        "education": {"person": "dsp_send", "position": "agree"},
    }
    with pytest.raises(TransitionRefused, match="only 1 of three partners agree; this partnership needs 2"):
        case.take("decide_review", positions=case.positions(**alone))
    against = case.positions(education={"person": "dsp_send", **DISSENT})
    case.take("decide_review", positions=against)
    said = case.last.facts["positions"]
    assert {"person": "dsp_send", "position": "dissent"} == said["education"]
    assert "The learning is in hand." in case.records.events(case.reference, unseal=True)[-1].sealed.values()


def test_a_partner_without_a_vote_may_be_absent_and_signs_nothing(begun: Begun) -> None:
    """Nobody of education need be there; a head teacher who signs the joint decision is refused, and is not offered."""
    case = begun("skerneside", "children").until("decide_review")
    assert "dsp_send" not in case.who("decide_review")
    with pytest.raises(TransitionRefused, match="Joy Sample speaks for Education, which has no vote"):
        case.take("decide_review", by="dsp_send")
    away = {"position": "absent", "reasons": "Half-term."}
    case.take("decide_review", positions=case.positions(education=away))
    assert case.last.facts["positions"]["education"]["person"] is None


def test_a_position_without_a_person_is_refused(begun: Begun) -> None:
    """Whoever is not absent was somebody: the refusal asks who."""
    case = begun("skerneside", "children").until("decide_review")
    with pytest.raises(TransitionRefused, match="say who spoke for the Education, or that nobody was there"):
        case.take("decide_review", positions=case.positions(education={"position": "agree"}))


def test_each_assistant_director_speaks_and_hears_on_one_track(begun: Begun) -> None:
    """
    The council delegates to two: the children's one is offered, hears and signs on children's reviews, and the adults'
    one is refused there; education does not hear of adults.
    """
    case = begun("skerneside", "children").until("decide_review")
    drawn = signed_form(STEPS["decide_review"], case.review, case.records.rulebook).model_json_schema()
    council = drawn["$defs"]["Position_local_authority"]["properties"]["person"]["enum"]
    assert ["Ann Sample (lsp_council)", "Dee Sample (dsp_children)"] == council
    assert "dsp_adults" not in case.who("decide_review")
    with pytest.raises(TransitionRefused, match="Eve Sample may not take this step"):
        case.take("decide_review", by="dsp_adults")
    case.take("decide_review")
    assert {"dsp_children", "dsp_police", "dsp_icb", "dsp_primary"} <= case.told("decision_made")
    assert "dsp_adults" not in case.told()


def test_the_adults_track_of_the_same_partnership_is_its_own(begun: Begun) -> None:
    """On adults: three partners, the other assistant director, and no head teacher anywhere."""
    case = begun("skerneside", "adults").until("commission_adult_review")
    assert sorted(STATUTORY) == sorted(case.last.facts["positions"])
    assert "dsp_adults" in case.told("decision_made") and "dsp_children" not in case.told("decision_owed")
    assert not {"dsp_primary", "dsp_secondary", "dsp_send"} & case.told()


def test_education_with_a_vote_is_counted(tmp_path: Path, begun: Begun) -> None:
    """In the partnership of two councils education votes about children: with it four of five agree, without it not."""
    case = begun("two_councils", "children").until("decide_review")
    police = {"police": {"person": "police", **DISSENT}}
    short = {**police, "education": {"person": "schools", **DISSENT}}
    with pytest.raises(TransitionRefused, match="only 3 of five partners agree; this partnership needs 4"):
        case.take("decide_review", positions=case.positions(**short))
    case.take("decide_review", positions=case.positions(**police))


# --------------------------------------------------------------------------- two councils


def test_both_councils_must_be_there_about_a_child(begun: Begun) -> None:
    """Each council is a statutory partner: without East Moor the decision is not quorate, and the refusal names it."""
    case = begun("two_councils", "children").until("decide_review")
    away = {"person": "east", "position": "absent", "reasons": "Snow."}
    with pytest.raises(TransitionRefused, match="not quorate: East Moor Council absent"):
        case.take("decide_review", positions=case.positions(east_council=away))


def test_either_council_may_decide_to_notify(begun: Begun) -> None:
    """The duty to notify is a local authority's: whoever speaks for one of the two signs, and the police do not."""
    case = begun("two_councils", "children").take("assess_notification")
    with pytest.raises(TransitionRefused, match="the local authority decides whether to notify"):
        case.take("decide_notification", by="police_lead")
    case.take("decide_notification", by="east_lead")


def test_the_quorum_of_each_track_is_its_own(begun: Begun) -> None:
    """About an adult three of four agree: a dissent of one is recorded, one more is too many."""
    case = begun("two_councils", "adults").until("decide_adult_review")
    one = {"police": {"person": "police", **DISSENT}}
    two = {**one, "west_council": {"person": "west", **DISSENT}}
    choice = {"concern": no(), "outcome": "discretionary review"}
    with pytest.raises(TransitionRefused, match="only 2 of four partners agree; this partnership needs 3"):
        case.take("decide_adult_review", positions=case.positions(**two), **choice)
    case.take("decide_adult_review", positions=case.positions(**one), **choice)


# --------------------------------------------------------------------------- who decides


def test_the_independent_chair_decides_about_an_adult(begun: Begun) -> None:
    """
    Only the chair may sign; the partners' advice is recorded and not counted, so no vote is asked for; the line says
    who decided, and the card says what each advised.
    """
    case = begun("chair_decides", "adults").until("decide_adult_review")
    assert ("chair",) == case.who("decide_adult_review")
    with pytest.raises(TransitionRefused, match="Fen Sample may not take this step, which is for: independent chair"):
        case.take("decide_adult_review", by="council")
    against = {
        one: {"person": who, **DISSENT} for one, who in zip(STATUTORY, ("council", "police", "icb"), strict=True)
    }
    choice = {"concern": no(), "outcome": "discretionary review"}
    case.take("decide_adult_review", positions=case.positions(**against), **choice)

    line = case.last
    assert ("Independent chair decided", "independent_chair") == (line.title, line.facts["decided_by"])
    words = (
        "Decided by the independent chair or scrutineer; the partners advised: integrated care board against it, local "
        "authority against it, police against it."
    )
    assert words in last_decided(case.review)
    assert words in description(case.review, case.at.date(), case.records.rulebook)


def test_the_letters_of_a_decision_say_who_decides_and_who_advises(begun: Begun) -> None:
    """The chair and the partners are asked by the decision's letter, which says who decides; afterwards all hear."""
    case = begun("chair_decides", "adults").until("decide_adult_review")
    assert {"chair", "council", "police", "icb"} == case.told("decision_owed")
    (said,) = {(one["deciders"], one["advisers"]) for one in case.letters("decision_owed")}
    assert ("independent chair or scrutineer", "delegated safeguarding partners") == said
    case.take("decide_adult_review")
    assert {"chair", "council", "council_lead", "manager"} <= case.told("decision_made")
    assert any("recorded the advice of: local authority" in one["signed"] for one in case.letters("decision_made"))


def test_a_partner_who_advises_against_it_says_why_and_one_who_is_away_need_not(begun: Begun) -> None:
    """Advice against the decision has its reasons; that a partner was not there is only recorded."""
    case = begun("chair_decides", "adults").until("decide_adult_review")
    silent = case.positions(
        police={"person": "police", "position": "dissent"}, integrated_care_board={"position": "absent"}
    )
    with pytest.raises(TransitionRefused) as refused:
        case.take("decide_adult_review", positions=silent)
    assert ("reasons are needed for the position of the police",) == refused.value.unmet
    silent["police"]["reasons"] = "It is known already."
    case.take("decide_adult_review", positions=silent)


def test_about_a_child_the_partners_decide_where_the_chair_decides_about_adults(begun: Begun) -> None:
    """The children's track stays the three partners': all are heard, and the letter asks them."""
    case = begun("chair_decides", "children").until("decide_review")
    assert {"council", "police", "icb"} == case.told("decision_owed")
    alone = {"police": {"person": "police", **DISSENT}}
    with pytest.raises(TransitionRefused, match="only 2 of three partners agree"):
        case.take("decide_review", positions=case.positions(**alone))


def test_the_review_group_decides_where_the_file_says_so(tmp_path: Path) -> None:
    """With `decides: {adults: group}` the group's chair signs, and takes back what was decided wrongly."""
    folder = tmp_path / "group"
    folder.mkdir()
    for file in (FOLDERS / "chair_decides").iterdir():
        (folder / file.name).write_text(file.read_text("utf-8").replace("adults: independent_chair", "adults: group"))
    records = record_of(folder, tmp_path)
    case = OwnShape(records, "adults").until("decide_adult_review")
    assert ("group_chair",) == case.who("decide_adult_review")
    deferring = signed_form(STEPS["record_deferral"], None, records.rulebook).model_json_schema()["properties"]
    assert "Jan Specimen (group_chair)" in deferring["signed_by"]["enum"], "a short form of both tracks offers them"
    case.take("decide_adult_review")
    assert ("Review group decided", "sar_group_chair") == (case.last.title, case.last.facts["decided_by"])
    line = str(case.review.version)
    case.take("take_back_step", by="group_chair", line=line)
    assert "decision" == case.review.state
    records.engine.dispose()


def test_what_is_vacant_is_said_by_track(tmp_path: Path) -> None:
    """Without an assistant director for adults `check` says who hears instead, and on which track."""
    folder = tmp_path / "gaps"
    folder.mkdir()
    for file in (FOLDERS / "skerneside").iterdir():
        text = file.read_text("utf-8").replace("{role: delegated_partner, track: adults}, ", "")
        (folder / file.name).write_text(text)
    words = "vacant: delegated safeguarding partner of the local authority about adults: Ann Sample, Dee Sample"
    book = load(folder)
    assert f"{words} hears instead" in warnings(book.partnership, DAY)


# --------------------------------------------------------------------------- by review


def test_only_the_appointed_chair_and_reviewer_hear_of_a_review(begun: Begun) -> None:
    """
    Two chairs and two reviewers stand in the file. Once the review is commissioned only the two whom its answers name
    hear of it in those roles, of steps and up the ladder; the others hear nothing of it.
    """
    case = begun("skerneside", "children").until("commission_review")
    case.take("commission_review", chair="other_chair", reviewer_in_file="reviewer")
    assert {"other_chair"} == case.told("step_told") & {"panel_chair", "other_chair"}
    case.take("ask_agencies", agencies=["icb"])
    case.at += timedelta(days=40)
    sweep(case.records.engine, case.records.rulebook, case.at)
    assert "other_chair" in case.told("due_missed"), "three days late goes to the chair of the review"
    assert not {"panel_chair", "other_reviewer"} & case.told()


def test_after_the_reviewer_is_replaced_the_other_hears(begun: Begun) -> None:
    """The reviewer is removed and the other one appointed: what is owed by the reviewer is theirs."""
    case = begun("skerneside", "children").until("commission_review")
    case.take("commission_review", reviewer_in_file="reviewer")
    assert "reviewer" == case.review.reviewer
    case.take("remove_reviewer")
    assert not case.review.reviewer
    case.take("appoint_reviewer", reviewer_in_file="other_reviewer")
    assert "other_reviewer" == case.review.reviewer
    owed = [one for one in load_owed_of(case) if one.reviewer == "other_reviewer"]
    assert owed, "the tables that the sweep reads know it too"
    assert [] == list(case.records.verify())


def test_a_chair_who_has_left_the_file_is_followed_by_those_who_hold_the_role(begun: Begun) -> None:
    """Whoever was appointed and serves no longer hears nothing; a letter for the role is not lost."""
    case = begun("skerneside", "children").until("commission_review").take("commission_review", chair="other_chair")
    book = case.records.rulebook
    left = tuple(one for one in book.partnership.people if one.id != "other_chair")
    later = book.model_copy(update={"partnership": book.partnership.model_copy(update={"people": left})})
    heard = {one.id for one in people_of("review_panel_chair", [], later, Appointed.to(case.review))}
    assert {"panel_chair"} == heard


def test_a_chair_whose_term_is_over_hears_as_no_chair_though_they_stay(begun: Begun) -> None:
    """They were appointed, their term ends in the middle of the review, and they are on the learning group still."""
    case = begun("skerneside", "children").until("commission_review").take("commission_review", chair="other_chair")
    book, ended = case.records.rulebook, case.at.date()
    term = Term.model_validate({"role": "review_panel_chair", "to": ended})
    update = {"roles": ("review_panel_chair", "learning_group"), "terms": (term,)}
    people = tuple(one.model_copy(update=update) if one.id == "other_chair" else one for one in book.partnership.people)
    later = book.model_copy(update={"partnership": book.partnership.model_copy(update={"people": people})})

    def chairs(day: date) -> set[str]:
        return {one.id for one in people_of("review_panel_chair", [], later.on(day), Appointed.to(case.review))}

    assert ({"other_chair"}, {"panel_chair"}) == (chairs(ended), chairs(ended + timedelta(days=1)))


def load_owed_of(case: OwnShape) -> list[Owed]:
    """What is owed in the review, as the sweep reads it."""
    with case.records.engine.connect() as connection:
        return [one for one in load_owed(connection) if one.reference == case.reference]


def test_a_record_of_before_knows_who_was_appointed(begun: Begun) -> None:
    """A record whose tables did not hold it is moved on: who chairs is read from its ledger, and it verifies."""
    case = begun("skerneside", "children").until("commission_review").take("commission_review", chair="other_chair")
    engine = case.records.engine
    with engine.begin() as connection:
        for column in ("chair", "reviewer", "entered_on"):
            connection.execute(text(f"ALTER TABLE reviews DROP COLUMN {column}"))
        for column in NEW_OF_ACTIONS:
            connection.execute(text(f"ALTER TABLE actions DROP COLUMN {column}"))
        for table in ("sign_in_codes", "sessions", "drafts", "authenticators", "readings"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    migrate(engine)
    assert {"other_chair"} == {one.chair for one in load_owed_of(case)}
    assert [] == list(case.records.verify())
