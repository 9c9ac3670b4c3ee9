"""The rule book as a document: what a lawyer reviews and signs, and what somebody must open next."""

from datetime import date
from html.parser import HTMLParser

from safeguarding.law.citation import Level
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.criteria import TABLES, Result
from safeguarding.shown.decision_tables import FOLLOWS
from safeguarding.shown.rule_book import rule_book, to_open

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
