"""The rule book as a document: what a lawyer reviews and signs, and what somebody must open next."""

import re
from datetime import date
from html.parser import HTMLParser

from safeguarding.law.citation import Level
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.criteria import Result
from safeguarding.review.legal_tests import TABLES
from safeguarding.shown.decision_tables import FOLLOWS
from safeguarding.shown.rule_book import rule_book, to_open
from safeguarding.stages import STEPS

DAY = date(2026, 11, 29)


class Parsed(HTMLParser):
    """The page as a browser takes it: its words, its links and whatever it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def law(rulebook: Rulebook) -> list:
    return [rule for rule in rulebook.rules if rule.level is not Level.LOCAL]


def test_every_duty_stands_in_it_with_its_sources_and_room_to_sign(rulebook: Rulebook) -> None:
    """Sentence, number, every citation with its words and link; and a line for a signature under each."""
    page = rule_book(rulebook, DAY)
    found = Parsed(page)
    missing = []
    for rule in law(rulebook):
        edition = rule.edition_on(DAY)
        wanted = [rule.title, " ".join(rule.description.split()), rule.counts_in(edition).words[1:]]
        wanted += [text for one in edition.citations for text in (one.name, one.quote, one.note) if text]
        missing += [f"{rule.id}: {text}" for text in wanted if text not in found.text]
        missing += [
            f"{rule.id}: {one.address}" for one in edition.citations if one.address and one.address not in found.links
        ]
    assert [] == missing
    assert len(law(rulebook)) + len(TABLES) == page.count(">Signature<")


def section(page: str, rule: str) -> str:
    """The words of one rule's part of the page."""
    part = page.split(f'<span class="id">{rule}</span>')[1].split("</section>")[0]
    return Parsed(part).text


def test_what_has_no_clock_says_where_it_is_met_or_that_it_is_only_told(rulebook: Rulebook) -> None:
    """
    The published arrangements (C28) are of no single review: the book says plainly that they are only told. The
    advocate (A06) is asked for at a step, and each step so named is one that there is.
    """
    page = rule_book(rulebook, DAY)
    untimed = [rule for rule in law(rulebook) if rule.track_only]
    assert [] == [rule.id for rule in untimed if rule.met_here not in section(page, rule.id)]
    assert "Only told: it is of the partnership's arrangements" in section(page, "C28")
    assert "Reminded here" not in section(page, "C28")
    assert "to whom it goes in part: text not yet checked" in section(page, "C19")
    buttons = {step.button for step in STEPS.values()}
    named = {name for rule in untimed for name in re.findall("«(.+?)»", rule.met_here)}
    assert {"Commission the review", "Decide on publication", "Record something done"} <= named
    assert set() == named - buttons


def test_it_names_whom_the_law_names_and_apart_who_is_reminded_here(rulebook: Rulebook) -> None:
    """The parents are told, not our family liaison lead; the adult has the advocate; nobody is made up for the rest."""
    page = rule_book(rulebook, DAY)
    told = "the child's parents, every person who is not a parent but has parental responsibility"
    assert f"the local authority looking after the child to {told}" in section(page, "C03b")
    assert "the local authority to the adult, whom the advocate" in section(page, "A06")
    assert "to the safeguarding partners" in section(page, "C23")
    assert "to the coroner who made the report" in section(page, "C25")
    for rule in ("C26", "C27", "A01"):
        assert "delegated safeguarding partner" not in section(page, rule)
    assert "Reminded here director of children's services" in section(page, "C03b")
    assert "On either track" in Parsed(page).text


def test_what_is_held_back_is_said_to_be_read_where_it_was(rulebook: Rulebook) -> None:
    """Two coming Acts were read as not in force: nobody is told that nothing of them was; of a guidance nothing was."""
    found = {text.instrument: text for text in to_open(law(rulebook), DAY)}
    for act in ("Victims and Prisoners Act 2024", "Children's Wellbeing and Schools Act 2026"):
        assert ("held back: read as not in force yet. When does it begin, and with these words?",) == found[act].why
    assert "held back: nothing of it has been read" in found["Working Together to Safeguard Children 2026"].why
    text = Parsed(rule_book(rulebook, DAY)).text
    assert "reach unborn children where concerns are known" in text
    assert "Neither touches a time of a review" in text


def test_it_says_whose_advice_each_is_and_that_nobody_is_named(rulebook: Rulebook) -> None:
    """What a source says, what is general knowledge, what this product suggests; and who read a source, or nobody."""
    page = rule_book(rulebook, DAY)
    assert "The rule says (S.I. 2013/1629 reg.29(5)): The coroner who made the report may extend" in section(
        page, "C25"
    )
    assert "This product suggests: Reply today" in section(page, "C25")
    late = "By general knowledge, its text not checked: Tell the national Panel and the Secretary of State the reasons"
    assert late in section(page, "C12")
    assert "who read it is not recorded" in section(page, "C09")
    assert "a design default" in section(page, "C06").split("Level, tag")[1][:120]


def test_every_legal_test_stands_in_it_row_by_row(rulebook: Rulebook) -> None:
    """What is asked, what follows, why, by which provision and how far that was checked; in the order it is read."""
    text = Parsed(rule_book(rulebook, DAY)).text
    missing = []
    for table in TABLES:
        assert {question for row in table.rows for question in row.when} <= set(table.asks), table.name
        assert table.name in text
        after = text.index(table.name)
        for row in (*table.rows, table.otherwise):
            for wanted in (*(table.asks[question] for question in row.when), row.basis[1:], row.provision):
                found = text.find(wanted, after)
                missing += [f"{table.number} {row.number}: {wanted}"] if found < 0 else []
            after = text.index(row.basis[1:], after)
    assert [] == missing
    assert set(Result) == set(FOLLOWS)


def test_it_loads_nothing_and_runs_nothing(rulebook: Rulebook) -> None:
    """It goes out by mail and is opened anywhere: no script, no picture, no sheet or letter from outside."""
    page = rule_book(rulebook, DAY)
    found = Parsed(page)
    assert set() == found.tags & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert set() == {name for name in found.attributes if name.startswith("on") or name in ("src", "style")}
    assert "url(" not in page and "@import" not in page


def test_what_a_rule_says_is_words_and_never_markup(rulebook: Rulebook) -> None:
    """A partnership of another name, a title and a quotation with signs of HTML: shown as they are."""
    nasty = "<script>alert(\"x\")</script> & 'co'"
    rule = rulebook.rule("C16")
    (edition,) = rule.editions
    cited = edition.citations[0].model_copy(update={"quote": nasty, "note": nasty, "instrument": nasty})
    changed = rule.model_copy(
        update={
            "title": nasty,
            "description": nasty,
            "duty_holder": nasty,
            "editions": (edition.model_copy(update={"citations": (cited,), "note": nasty, "name": nasty}),),
        }
    )
    rules = tuple(changed if other.id == "C16" else other for other in rulebook.rules)
    page = rule_book(rulebook.model_copy(update={"rules": rules}), DAY)
    assert "<script" not in page
    assert Parsed(page).text.count(nasty) >= 8


def test_what_to_open_next_is_in_the_order_of_what_hangs_on_it(rulebook: Rulebook) -> None:
    """Every text that nobody has read at its publisher, the one that most duties need first."""
    found = to_open(law(rulebook), DAY)
    assert [len(text.rules) for text in found] == sorted((len(text.rules) for text in found), reverse=True)
    assert [("2023", False), ("2026", True)] == [(text.instrument[-4:], text.held_back) for text in found[:2]]
    regulations = next(text for text in found if text.instrument.endswith("(S.I. 2018/789)"))
    assert "https://www.legislation.gov.uk/uksi/2018/789" == regulations.address
    names = {text.instrument for text in found}
    cited = {one.instrument for rule in law(rulebook) for one in rule.edition_on(DAY).citations}
    assert {name for name in cited if not name.startswith("No source")} <= names
    assert not any(name.startswith("No source") for name in names)


def test_what_somebody_has_opened_is_not_listed_again(rulebook: Rulebook) -> None:
    """Regulation 17 read at its publisher: its duty no longer hangs on anything."""
    rule = rulebook.rule("C16")
    done = rule.model_copy(update={"editions": tuple(e.model_copy(update={"checked": True}) for e in rule.editions)})
    assert () == to_open([done], DAY)
    (text,) = to_open([rule], DAY)
    assert (("reg.17",), ("C16",)) == (text.provisions, text.rules)


def test_an_edition_that_ends_and_one_that_is_held_back_are_said(rulebook: Rulebook) -> None:
    """On a day of 2020 the 2018 text applies and ends with 14 December 2023; today the 2026 text is held back."""
    then = Parsed(rule_book(rulebook, date(2020, 1, 1))).text
    assert "WT2018 ends with 14 December 2023." in then
    assert "No edition is in force on this day." in then  # the care leaver's duty came with 2023
    now = Parsed(rule_book(rulebook, DAY)).text
    assert "dated 18 March 2026. It replaces the 2023 edition" in now and "18 or 19 March 2026" in now


def test_the_tables_name_duties_of_the_law_alone(rulebook: Rulebook) -> None:
    """What a row begins is read by a solicitor: no date of the partnership's own, which are not in the document."""
    assert [] == re.findall(r"local\.[cax]\.\w+", Parsed(rule_book(rulebook, DAY)).text)


def test_what_a_milestone_leaves_alone_it_neither_settles_nor_ends(rulebook: Rulebook) -> None:
    """Of each rule and milestone that closes one: passed over exactly where neither is so; an unknown rule never is."""
    closing = {name for rule in rulebook.rules for name in (rule.settled_by, *rule.ends) if name}
    assert len(closing) > 20
    for milestone in sorted(closing):
        for rule in rulebook.rules:
            closes = milestone == rule.settled_by or milestone in rule.ends
            assert closes is not rulebook.leaves_alone(milestone, rule.id)
        assert not rulebook.leaves_alone(milestone, "no_rule")
