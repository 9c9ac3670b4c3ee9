"""A broken configuration: every fault at once, each with its file and its key, and words that help."""

import pickle
from datetime import date
from pathlib import Path

import pytest
import yaml
from driver.partnership import example_as_one

import config
from config.vacancies import warnings
from safeguarding.errors import RulebookInvalid


def faults(folder: Path, partnership: Path | None = None) -> dict[str, str]:
    """What is wrong, by «file: key»."""
    with pytest.raises(RulebookInvalid) as caught:
        config.load(partnership, folder=folder)
    found = {f"{Path(fault.file).name}: {fault.key}": fault.problem for fault in caught.value.faults}
    assert all(f"{fault.file}: {fault.key}: {fault.problem}" in str(caught.value) for fault in caught.value.faults)
    return found


def rewrite(file: Path, *changes: tuple[str, str]) -> None:
    """Change the text of a file; each change must be there to be made."""
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")


def test_every_fault_of_a_broken_partnership_is_listed_at_once(folder: Path) -> None:
    """Many slips in one file, none hiding another."""
    file = folder / "mine.yaml"
    data = example_as_one(folder)
    people = {person["id"]: person for person in data["people"]}
    people["alex_example"]["roles"] = ["busines_manager"]
    people["billie_example"]["teams"] = None
    people["billie_example"]["wants"] = "teams"
    people["glenn_sample"].pop("partner")
    people["jamie_sample"]["authority"] = ""
    people["kelly_sample"]["deputy_for"] = "indy_sample"
    people["devin_lead"]["agency"] = "nowhere"
    data["agencies"][0]["lead"] = "nobody"
    data["ladder"][0]["to"] = ["everybody"]
    data["channels"][0]["role"] = "unit"
    data["proof"] = [{"step": "decide_reviw"}, {"step": "decide_review", "by": "authenticator"}]
    shipped = folder / "rules" / "recipients" / "outside.yaml"
    lines = shipped.read_text("utf-8").splitlines(keepends=True)
    shipped.write_text("".join(line for line in lines if "ofsted" not in line), "utf-8")
    local = {rule["id"]: rule for rule in data["local"]}
    local["local.c.partner_signoff"]["editions"][0]["length"] = 16
    local["local.c.progress_check"]["settled_by"] = "progress_chekced"
    local["local.c.rapid_review_meeting"]["owner"] = "chair"
    local["local.x.first_draft"]["no_later_than"] = "C99"
    file.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")

    found = faults(folder, file)

    assert {
        "mine.yaml: people[alex_example].roles",
        "mine.yaml: people[billie_example].teams",
        "mine.yaml: people[glenn_sample].partner",
        "mine.yaml: people[jamie_sample].deputy_for",
        "mine.yaml: people[jamie_sample].authority",
        "mine.yaml: people[kelly_sample].deputy_for",
        "mine.yaml: people[devin_lead].agency",
        "mine.yaml: agencies[childrens_social_care].lead",
        "mine.yaml: ladder[half_used].to",
        "mine.yaml: channels[unit].role",
        "mine.yaml: proof[decide_reviw].step",
        "looked_after_child_death.yaml: recipients",
        "decision_told_to_panel.yaml: recipients",
        "reviewer_named_to_panel.yaml: recipients",
        "advance_copy_full_report.yaml: recipients",
        "advance_copy_improvements_only.yaml: recipients",
        "care_leaver_death.yaml: recipients",
        "mine.yaml: local[local.c.partner_signoff].counts",
        "mine.yaml: local[local.c.progress_check].settled_by",
        "mine.yaml: local[local.c.rapid_review_meeting].owner",
        "mine.yaml: local[local.x.first_draft].no_later_than",
    } == set(found)
    assert "falls after C05" in found["mine.yaml: local[local.c.partner_signoff].counts"]
    assert "'nowhere' is not one of the partnership's agencies" == found["mine.yaml: people[devin_lead].agency"]


def test_types_are_named_by_the_id_of_their_entry(folder: Path) -> None:
    """A misspelt key, a missing one and a wrong value, found by a reader without counting lines."""
    theirs = folder / "partnership"
    rewrite(
        theirs / "people.yaml",
        ("email: alex@exampleshire.example", "email: alex"),
        ("name: Billie Example", "nome: Billie Example"),
    )
    rewrite(theirs / "partnership.yaml", ('working_morning: "09:00"', "working_morning: 9am"))
    rewrite(theirs / "ladder.yaml", ("when: {share: 0.5}", "when: {share: 0.5, missed: true}"))
    rewrite(theirs / "choices.yaml", ("agree: 2", "agree: 4"))
    found = faults(folder)
    assert {
        "partnership.yaml: working_morning",
        "people.yaml: people[alex_example].email",
        "people.yaml: people[billie_example].name",
        "people.yaml: people[billie_example].nome",
        "ladder.yaml: ladder[half_used].when",
        "choices.yaml: quorum.agree",
    } == set(found)
    assert found["partnership.yaml: working_morning"].startswith("give the hour and the minute, from 00:00 to 23:59")
    assert "is missing" == found["people.yaml: people[billie_example].name"]
    assert "misspelt" in found["people.yaml: people[billie_example].nome"]


def test_every_address_that_is_not_one_mailbox_is_named_with_its_file_and_key(folder: Path) -> None:
    """Two in one field, one without its @, a name around one, and O'Brien, whose address is one: three faults."""
    theirs = folder / "partnership"
    rewrite(
        theirs / "people.yaml",
        ("email: alex@exampleshire.example", 'email: "alex@one.example, billie@two.example"'),
        ("email: ollie@chairs.example", "email: o'llie.o'brien@chairs.example"),
        ("email: pat@reviewers.example", "email: pat-reviewers.example"),
    )
    rewrite(theirs / "channels.yaml", ("email: unit@exampleshire.example", 'email: "Unit <unit@one.example>"'))
    found = faults(folder)
    assert {
        "people.yaml: people[alex_example].email",
        "people.yaml: people[pat_specimen].email",
        "channels.yaml: channels[0].email",
    } == set(found)
    assert "holds more than one address" in found["people.yaml: people[alex_example].email"]
    assert "it has no @" in found["people.yaml: people[pat_specimen].email"]
    assert "a name and angle brackets" in found["channels.yaml: channels[0].email"]


def test_a_folder_may_be_one_file_and_the_reverse(folder: Path) -> None:
    """All of it in one file is the same partnership, to the digest; and of a copied folder nothing is left out."""
    file = folder / "mine.yaml"
    file.write_text(yaml.safe_dump(example_as_one(folder), sort_keys=False, allow_unicode=True), "utf-8")
    assert config.load().digest == config.load(file).digest == config.load(folder / "partnership").digest


def test_a_key_that_stands_in_two_files_of_a_folder(folder: Path) -> None:
    """A copy of the people left beside the new ones: neither is taken silently. What checks find is named by file."""
    theirs = folder / "partnership"
    (theirs / "people-old.yaml").write_text((theirs / "people.yaml").read_text("utf-8"), "utf-8")
    rewrite(theirs / "agencies.yaml", ("lead: addison_lead", "lead: nobody"))
    found = faults(folder)
    assert (
        "stands in config/partnership/people-old.yaml too: each key stands in one file" == found["people.yaml: people"]
    )
    assert (
        "'nobody' is not one of the partnership's people"
        == found["agencies.yaml: agencies[childrens_social_care].lead"]
    )


def test_a_folder_without_files_and_one_with_a_file_that_cannot_be_read(folder: Path) -> None:
    """An empty folder says so; of half a partnership only what is broken is named, and not all that it lacks."""
    (folder / "empty").mkdir()
    assert {"empty: (folder)": "holds no .yaml file"} == faults(folder, folder / "empty")
    (folder / "partnership" / "people.yaml").write_text("people: [", "utf-8")
    (fault,) = faults(folder)
    assert fault.startswith("people.yaml: line")


def test_a_statutory_file_that_was_broken(folder: Path) -> None:
    """A renamed rule, an unknown milestone, a lost citation and a lost tag, in four files, at once."""
    rules = folder / "rules" / "children"
    rewrite(rules / "rapid_review_report.yaml", ("name: rapid_review_report", "name: rapid_review"))
    rewrite(rules / "notification_to_panel.yaml", ("starts: became_aware", "starts: incident"))
    rewrite(rules / "publicly_available.yaml", ("        confidence: V\n", ""))
    rewrite(rules / "review_published.yaml", ("track: children", "track: adults"), ("id: C12", "id: C13"))
    found = faults(folder)
    assert "is 'rapid_review', but the file is called 'rapid_review_report'" == found["rapid_review_report.yaml: name"]
    assert "'incident' is not a milestone" in found["notification_to_panel.yaml: starts"]
    assert "is missing" == found["publicly_available.yaml: editions[SI2018/789].citations[0].confidence"]
    assert "the file stands under 'children'" in found["review_published.yaml: track"]
    assert "'C13' is given to more than one rule" == found["review_published.yaml: id"]
    assert "'C13' is given to more than one rule" == found["advance_copy_full_report.yaml: id"]


def test_files_that_cannot_be_read(folder: Path) -> None:
    """Bad YAML, a key given twice and bad JSON say the line; a lost partnership's file says that it is lost."""
    rules = folder / "rules" / "adults"
    (rules / "arrange_review.yaml").write_text("id: A01\nname: [", "utf-8")
    rewrite(rules / "annual_report.yaml", ("track: adults", "track: adults\ntrack: adults"))
    (rules / "learn_meanwhile.yaml").write_text("- a list", "utf-8")
    (folder / "calendars" / "england-and-wales.json").write_text('{\n"name": }', "utf-8")
    found = faults(folder, folder / "lost.yaml")
    assert any(key.startswith("arrange_review.yaml: line") and "is not YAML" in found[key] for key in found)
    assert "the key 'track' is given twice" in " ".join(found.values())
    assert "must hold keys with values" == found["learn_meanwhile.yaml: (file)"]
    assert "is not JSON that can be read" in found["england-and-wales.json: line 2"]
    assert "cannot be read" in found["lost.yaml: (file)"]


def test_a_local_rule_may_not_stand_among_the_law_nor_law_among_the_local(folder: Path) -> None:
    """What a partnership may change and what it may not are kept apart by file."""
    file = folder / "mine.yaml"
    data = example_as_one(folder)
    data["local"].append({**data["local"][0], "id": "A99", "name": "more_law", "level": "practice"})
    file.write_text(yaml.safe_dump(data), "utf-8")
    step = {**data["local"][0], "id": "local.c.more", "name": "more"}
    (folder / "rules" / "children" / "more.yaml").write_text(yaml.safe_dump(step), "utf-8")
    found = faults(folder, file)
    assert {"mine.yaml: local[A99].level", "more.yaml: level"} <= set(found)
    assert all(
        key.startswith(("mine.yaml: local[A99]", "more.yaml: level", "mine.yaml: editions[EX1]")) for key in found
    )


def test_a_partnership_without_a_deputy_for_one_partner(folder: Path) -> None:
    """A vacancy stops nothing and is said by `check`; what is wrong besides is a fault as ever."""
    file = folder / "mine.yaml"
    data = example_as_one(folder)
    data["people"] = [person for person in data["people"] if person["id"] != "kelly_sample"]
    data["local"] = "none"
    file.write_text(yaml.safe_dump(data), "utf-8")
    found = faults(folder, file)
    assert ["mine.yaml: local"] == list(found)
    assert "must be a list of rules" in found["mine.yaml: local"]
    del data["local"]
    file.write_text(yaml.safe_dump(data), "utf-8")
    said = warnings(config.load(file, folder=folder).partnership, date(2026, 12, 1))
    assert ["vacant: deputy of a delegated safeguarding partner of the police: no deputy hears or decides"] == said


def test_a_partnership_without_local_steps_is_whole(folder: Path) -> None:
    """The law alone is enough to begin with, and the steps that the program itself relies on."""
    file = folder / "mine.yaml"
    data = example_as_one(folder)
    del data["local"]
    file.write_text(yaml.safe_dump(data), "utf-8")
    ours = [file for track in ("children", "adults") for file in (folder / "rules" / track).glob("*.yaml")]
    relied_on = yaml.safe_load((folder / "rules" / "relied_on" / "steps.yaml").read_text("utf-8"))["local"]
    assert len(ours) + len(relied_on) == len(config.load(file, folder=folder).rules)


def test_the_error_survives_a_result_store(folder: Path) -> None:
    """An error may be pickled on its way to the person who reads it."""
    (folder / "rules" / "adults" / "arrange_review.yaml").write_text("id: A01", "utf-8")
    with pytest.raises(RulebookInvalid) as caught:
        config.load(folder=folder)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


def test_who_stands_in_is_somebody_else_of_the_file(folder: Path) -> None:
    """An absence the wrong way round, a deputy for nobody, a deputy for oneself, a digest that nobody knows."""
    file = folder / "mine.yaml"
    data = example_as_one(folder)
    people = {person["id"]: person for person in data["people"]}
    people["jules_lead"]["deputy_for"] = "jules_led"
    people["kit_lead"]["deputy_for"] = "kit_lead"
    file.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    assert {
        "mine.yaml: people[jules_lead].deputy_for": "'jules_led' is not one of the partnership's people",
        "mine.yaml: people[kit_lead].deputy_for": "is the person themselves",
    } == faults(folder, file)

    people["lane_lead"]["away"] = {"from": date(2026, 12, 24), "to": date(2026, 12, 21)}
    people["alex_example"]["digest"] = "hourly"
    file.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    found = faults(folder, file)
    assert "'to' is before 'from'" == found["mine.yaml: people[lane_lead].away"]
    assert "mine.yaml: people[alex_example].digest" in found
