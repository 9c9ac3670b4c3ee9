"""The public register as a site: what was published, in approved wordings alone, and written whole or not at all."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from flows.demo.answers import answer
from flows.privacy.filling import sealed
from safeguarding.public_register.feed import ATOM
from safeguarding.public_register.page import INDEX
from safeguarding.stages import STEPS
from tasks.public_site.folder import write_site
from tasks.public_site.making import files_of

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "public-register.schema.json").read_text("utf-8"))
DAY = date(2027, 3, 29)
SHARED, ADVICE = "Services did not hear what the child said.\n\nThey now ask.", "One agency leads & tells <all> others."
CANARY = "ZWITSCHERLING"
AT = "https://exampleshire.example/reviews/child-a"


class Spoken:
    """A case in whose every sealed text a canary stands."""

    def __init__(self, case: Any) -> None:
        self.case = case

    def take(self, step: str, **changes: Any) -> Spoken:
        """Take a step, with the canary in its sealed texts unless the story gives them."""
        spoken = sealed(STEPS[step].form, answer(step, self.case.review, self.case.today), f"{CANARY} at {step}.")
        self.case.take(step, **{**spoken, **changes})
        return self


@pytest.fixture
def child(case):
    """A child's report, published on Monday 29 March 2027: canaries in what is sealed, two wordings approved."""
    told = Spoken(case)
    case.on(date(2026, 12, 16))
    told.take("conclude_rapid_review").take("decide_review")
    case.later(10)
    told.take("commission_review")
    told.take("record_lesson", themes=["domestic_abuse"]).take("record_finding", lessons=["L01"], themes=["neglect"])
    told.take("record_recommendation", findings=["F01"], themes=["neglect", "information_sharing"])
    told.take("record_recommendation", findings=["F01"], themes=["was_not_brought"])
    case.later(10)
    told.take("begin_drafting")
    case.later(10)
    told.take("submit_draft")
    case.on(date(2027, 3, 1))
    told.take("sign_report", planned_on=DAY).take("send_report").take("record_advance_copies")
    for item, words in (("summary", SHARED), ("R01", ADVICE), ("R02", f"{CANARY} unapproved")):
        case.take("write_wording", by="alex_example", item=item, wording=words)
    case.take("approve_wordings", by="glenn_sample", wordings=["W01", "W02"])
    case.on(DAY)
    told.take("publish", report_at=AT)
    return case


def site(case: Any) -> dict[str, str]:
    """The files of the register on the day of the story."""
    return {name: text.decode() for name, text in files_of(case.records, case.today).items()}


def words(html: str) -> str:
    """What a page says, as it is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_publication_has_its_page(child) -> None:
    """Who is spoken of, what was published, by whom, until when, the approved words, the link; and the list has it."""
    files = site(child)
    page = words(files["cspr-2026-001.html"])
    for said in ("Child A: Child Safeguarding Practice Review", "The full report.", "29 March 2027", "29 March 2028"):
        assert said in page, said
    assert "Lead reviewer Pat Specimen" in page
    assert "Services did not hear what the child said. They now ask." in page
    assert "<p>Services did not hear what the child said.</p>\n<p>They now ask.</p>" in files["cspr-2026-001.html"]
    assert "One agency leads &amp; tells &lt;all&gt; others." in files["cspr-2026-001.html"]
    assert f'<a href="{AT}">Read the report</a>' in files["cspr-2026-001.html"]
    assert "Themes Neglect, Information sharing" in page, "of what was approved, and of nothing else"
    index = words(files[INDEX])
    assert "Child A, published 29 March 2027" in index
    assert "There are currently no Safeguarding Adult Reviews published in the past 12 months." in index
    assert "There are currently no Child" not in index


def test_only_what_a_person_approved_leaves_the_record(child, tmp_path: Path) -> None:
    """A canary stands in every sealed text, and in a wording that nobody approved: none in any byte of the folder."""
    kept = " ".join(
        words for event in child.records.events(child.reference, unseal=True) for words in event.sealed.values()
    )
    assert kept.count(CANARY) > 20 and f"{CANARY} unapproved" in kept
    write_site(tmp_path / "site", files_of(child.records, child.today))
    found = [path.name for path in (tmp_path / "site").rglob("*") if CANARY.encode() in path.read_bytes()]
    assert [] == found and CANARY not in " ".join(path.name for path in (tmp_path / "site").iterdir())
    child.take("withdraw_wordings", wordings=["W01"])
    assert "did not hear" not in "".join(site(child).values()), "what was withdrawn is gone"


def test_a_recommendation_that_is_not_implemented_is_shown_as_that(child) -> None:
    """On its page and in the data, without the reasons; and no more once it is accepted."""
    said = "The partners will not implement this."
    assert said not in site(child)["cspr-2026-001.html"]
    child.later(4)
    Spoken(child).take("decide_recommendation", recommendation="R01", decision="will not be implemented")
    Spoken(child).take("decide_recommendation", recommendation="R02", decision="will not be implemented")
    files = site(child)
    assert 1 == files["cspr-2026-001.html"].count(said), "of R02 no wording was approved"
    (one,) = json.loads(files["register.json"])["reviews"]
    assert ([ADVICE], [ADVICE]) == (one["recommendations"], one["not_implemented"])
    assert child.today.isoformat() == one["changed_on"]
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(json.loads(files["register.json"]))
    assert CANARY not in "".join(files.values())
    Spoken(child).take("decide_recommendation", recommendation="R01", decision="accepted")
    assert said not in site(child)["cspr-2026-001.html"]


def test_a_year_later_it_is_in_the_archive_and_taken_down_it_is_nowhere(child) -> None:
    """The past twelve months, the archive, the choice to keep it, and nothing of what was taken down."""
    child.on(date(2028, 3, 29))
    files = site(child)
    assert "There are currently no Child Safeguarding Practice Reviews published in the past 12" in words(files[INDEX])
    assert "1 older review is in the archive" in words(files[INDEX])
    assert "Child A, published 29 March 2027" in words(files["archive.html"])
    assert "This review is in the archive" in words(files["cspr-2026-001.html"])
    child.take("choose_after_year", choice="keep it public")
    assert "Published earlier Child A, published" in words(site(child)[INDEX])
    child.take("choose_after_year", choice="take it down", reason="The family asked for it.")
    files = site(child)
    assert {"register.css", INDEX, "archive.html", "register.json", "feed.xml"} == set(files)
    assert "Child A" not in "".join(files.values())


def test_what_was_published_twice_is_taken_down_whole(child) -> None:
    """Planned and published again, it has two pages; taken down, neither stays behind for ever."""
    child.take("add_action").take("agree_action_plan").take(
        "update_action", status="withdrawn", grade="none", note="No."
    )
    child.take("close_review").later(5)
    again = {"return_to": "pre_publication", "because": "new information", "agreed_day": child.today + timedelta(60)}
    child.take("reopen", **again).take("plan_publication", planned_on=child.today + timedelta(days=10)).later(10)
    child.take("publish", published_on=child.today)
    assert {"cspr-2026-001.html", "cspr-2026-001-2.html"} <= set(site(child))
    child.take("take_down", legal_decision="EX-LEGAL-2")
    assert not [name for name in site(child) if name.startswith("cspr")]


def test_programs_read_it_too(child) -> None:
    """The data is what the schema says; the feed parses, its ids stay, and its moments say where they are."""
    files = site(child)
    data = json.loads(files["register.json"])
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(data)
    assert [("cspr-2026-001", SHARED, [ADVICE])] == [
        (one["id"], one["summary"], one["recommendations"]) for one in data["reviews"]
    ]
    feed = ElementTree.fromstring(files["feed.xml"])
    ids = [one.text for one in feed.iter(f"{{{ATOM}}}id")]
    assert len(set(ids)) == len(ids) == 2 and all(str(one).startswith("urn:uuid:") for one in ids)
    moments = [str(one.text) for name in ("updated", "published") for one in feed.iter(f"{{{ATOM}}}{name}")]
    assert all(datetime.fromisoformat(one).tzinfo is not None for one in moments)
    later = ElementTree.fromstring(site(child.later(90))["feed.xml"])
    assert ids == [one.text for one in later.iter(f"{{{ATOM}}}id")]


def test_a_feed_says_that_its_words_changed(child) -> None:
    """A summary approved three days after publication: the entry keeps its id and day, and is updated."""
    before = ElementTree.fromstring(site(child)["feed.xml"])
    child.later(3).take("write_wording", by="alex_example", item="summary", wording="They ask now, and listen.")
    child.take("approve_wordings", by="glenn_sample", wordings=["W04"])
    after = ElementTree.fromstring(site(child)["feed.xml"])
    first, then = (one.find(f"{{{ATOM}}}entry") for one in (before, after))
    assert first is not None and then is not None
    said = [[one.findtext(f"{{{ATOM}}}{name}") for name in ("id", "published", "updated")] for one in (first, then)]
    assert said[0][:2] == said[1][:2] and "They ask now, and listen." == then.findtext(f"{{{ATOM}}}summary")
    assert child.at - timedelta(3) == datetime.fromisoformat(str(said[0][2]))
    assert child.at == datetime.fromisoformat(str(said[1][2]))


def test_of_a_simulation_every_file_says_so(child) -> None:
    """This record is one: whoever meets a page, the feed or the data elsewhere takes nothing in it for true."""
    files = site(child)
    assert child.records.identity().simulation and True is json.loads(files["register.json"])["simulation"]
    said = {name: "From a simulation" in text for name, text in files.items() if name.endswith((".html", ".xml"))}
    assert all(said.values()), said


def test_a_feed_says_that_words_were_withdrawn(child) -> None:
    """It is no older without them than it was with them: whoever reads by the day reads again, and forgets them."""
    child.later(3).take("write_wording", by="alex_example", item="summary", wording="They ask now, and listen.")
    child.take("approve_wordings", by="glenn_sample", wordings=["W04"])
    child.later(2).take("withdraw_wordings", wordings=["W04"])
    entry = ElementTree.fromstring(site(child)["feed.xml"]).find(f"{{{ATOM}}}entry")
    assert entry is not None and child.at == datetime.fromisoformat(str(entry.findtext(f"{{{ATOM}}}updated")))
    assert "They ask now" not in str(ElementTree.tostring(entry))


class Links(HTMLParser):
    """What a page links to or brings in, and whether there is a script in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.to += [str(value) for name, value in attrs if name in ("href", "src")]
        self.ids += [str(value) for name, value in attrs if name == "id"]


def test_nothing_is_from_elsewhere_and_no_link_is_broken(child) -> None:
    """One stylesheet of its own, no script; every link leads to a file of the folder, or to the report."""
    files = site(child)
    pages = {name: Links(text) for name, text in files.items() if name.endswith(".html")}
    for name, page in pages.items():
        assert {"script", "iframe", "img", "style"}.isdisjoint(page.tags), name
        for link in page.to:
            target, _, part = link.partition("#")
            assert link == AT or target in ("", *files), (name, link)
            assert not part or part in pages[target or name].ids, (name, link)
    assert "url(" not in files["register.css"] and "@import" not in files["register.css"]


def test_the_same_record_and_day_give_the_same_bytes(child) -> None:
    """Made twice, it is the same; a day later only the day has changed."""
    assert files_of(child.records, child.today) == files_of(child.records, child.today)
    before, after = site(child), site(child.later(1))
    assert before["feed.xml"] == after["feed.xml"]
    today, tomorrow = ("2027-03-29", "29 March 2027"), ("2027-03-30", "30 March 2027")
    foot = '<time datetime="{}">{}</time>. The same'
    assert before[INDEX].replace(foot.format(*today), foot.format(*tomorrow)) == after[INDEX]


def test_a_reviewer_is_named_only_where_the_report_names_them(child, partnership) -> None:
    """Somebody of the partnership's file whom the report names is; a typed name is sealed, and stays so."""
    assert "Lead reviewer Pat Specimen" in words(site(child)["cspr-2026-001.html"])
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    for number, (in_file, named) in enumerate(
        [("pat_specimen", "not said"), (None, "yes"), ("pat_specimen", "yes")], 1
    ):
        case = partnership.hears_of(date(2026, 11, 2), **adult).take("accept_referral").later(10)
        case.take("complete_screening").take("decide_adult_review").later(10)
        case.take("commission_adult_review", reviewer=f"{CANARY} Person", reviewer_in_file=in_file)
        case.later(10).take("begin_drafting").later(10).take("submit_draft")
        case.on(date(2027, 3, 1)).take("accept_findings").on(DAY).take("decide_publication", reviewer_named=named)
        page = words(site(child)[f"sar-2026-{number:03d}.html"])
        assert (number == 3) is ("Lead reviewer Pat Specimen" in page) and CANARY not in page
        assert "Summary" not in page and "Safeguarding Adult Review" in page


def updated(case: Any) -> tuple[datetime, datetime | None]:
    """When the whole feed and its one entry were updated; None where it has no entry."""
    feed = ElementTree.fromstring(site(case)["feed.xml"])
    whole, *of_entries = (datetime.fromisoformat(str(one.text)) for one in feed.iter(f"{{{ATOM}}}updated"))
    return whole, next(iter(of_entries), None)


def test_a_feed_goes_on_whatever_changes_what_is_shown(child) -> None:
    """
    Approved, the approval taken back, approved again, withdrawn by a day before, put right, refused, published on
    another day, taken down: each moves the feed on, by the moment at which it was recorded, and nothing moves it back.
    """
    moved = [updated(child)]
    child.later(3).take("write_wording", by="alex_example", item="summary", wording="They ask now, and listen.")
    assert moved[-1] == updated(child), "a wording that nobody approved is not shown"
    again = {"wordings": ["W04"], "approved_on": child.today}
    for step, by, changes in (
        ("approve_wordings", "glenn_sample", again),
        ("take_back_step", "glenn_sample", {}),
        ("approve_wordings", "glenn_sample", again),
        ("withdraw_wordings", "alex_example", {"wordings": ["W04"], "withdrawn_on": child.today}),
        ("decide_recommendation", None, {"recommendation": "R01", "decision": "will not be implemented"}),
        ("decide_recommendation", None, {"recommendation": "R01", "decision": "accepted"}),
        ("correct_date", None, {"what": "published", "agency_or_action": "", "correct_on": date(2027, 3, 28)}),
        ("take_back_step", "alex_example", {}),
    ):
        Spoken(child.later(2)).take(step, by=by, **changes)
        moved.append(updated(child))
        assert (child.at, child.at) == moved[-1], step
    child.later(2).take("record_lesson")
    assert moved[-1] == updated(child), "nothing is shown otherwise"
    child.take("take_down", legal_decision="EX-LEGAL-2")
    moved.append(updated(child))
    assert (child.at, None) == moved[-1]
    child.later(2).take("take_back_step", by="glenn_sample")
    moved.append(updated(child))
    assert (child.at, child.at) == moved[-1] and sorted(whole for whole, _ in moved) == [one for one, _ in moved]


def test_an_entry_is_not_updated_before_it_came(child) -> None:
    """Recorded three days after the day that it was published on: it came into the feed when it was recorded."""
    first = updated(child)
    child.take("take_back_step", by="alex_example").later(3).take("publish", published_on=DAY)
    assert (child.at, child.at) == updated(child) > first
