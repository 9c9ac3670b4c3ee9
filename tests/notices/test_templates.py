"""The words: each occasion has its template, and no template can say more than it may."""

from __future__ import annotations

import re
import shutil
import time
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from driver.speed import patience
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import TemplateError
from markdown_it import MarkdownIt

from safeguarding.notices.notice import FIELDS, Occasion
from tasks.post.letters import ENDING, Templates, check_templates, write_letter
from tasks.post.plain_markdown import for_plain_words

FACTS = {
    "reference": "CSPR-2026-003",
    "pseudonym": "Child F",
    "track": "child practice review",
    "stage": "Rapid review",
    "happened": "Rapid review completed",
    "now_at": "decision",
    "owed": "Rapid review to the national Panel",
    "due_on": "2026-12-18",
    "due": "Fri 18 Dec 2026",
    "window": "Tue 1 Dec to Fri 11 Dec 2026",
    "own_life": "Say also what your agency knew of the child's daily life",
    "was_due": "Thu 17 Dec 2026",
    "action": "A01",
    "also_owned": "3",
    "wording": "Every school names a lead for absence.",
    "also_moved": "2",
    "look_again": "Mon 1 Feb 2027",
    "left": "3 working days left",
    "standing": "4 working days left",
    "waiting_on": "Testshire School",
    "rule": "C05",
    "day_set_by": "The day is set by statutory guidance: nobody here can move it",
    "undertaken": "This review is discretionary: section 16F does not ask for it",
    "citation": "Working Together to Safeguard Children 2023",
    "confidence": "text not yet checked: general knowledge of the instrument",
    "on_miss": "Tell the national Panel.",
    "decides": "The chair of the review panel plans again.",
    "deciders": "delegated safeguarding partner",
    "position_of": "Police",
    "advisers": "delegated safeguarding partners",
    "signed": "the delegated safeguarding partner (police); declared on the form, with no minute or paper behind it",
    "urgency": "at once",
    "failed_for": "council",
    "failed_channel": "email",
    "proof": "12 reviews, 143 lines, root 3fa4",
    "found": "1 found. The first: the record is not as it was sealed",
    "failed_why": "the server refused the connection",
    "still_tried": "12 messages wait",
    "link": "http://127.0.0.1:4300/reviews/CSPR-2026-003",
    "card": "http://127.0.0.1:4200/runs/flow-run/1_2_3",
    "in_place_of": "the delegated safeguarding partner, police",
    "day": "2026-11-23",
    "at_a_glance": "1 overdue, 1 due today",
    "open_reviews": "2 open: 1 Rapid review, 1 Decision.",
    "needs_me": "CSPR-2026-003 · a decision is owed · Decision\n1 message could not be delivered",
    "waiting_on_you": "CSPR-2026-003 · a decision is owed · Decision",
    "overdue": "CSPR-2026-001 · Rapid review to the national Panel · overdue by 3 working days",
    "due_today": "CSPR-2026-002 · Agency summary: Housing · due today",
    "owed_by_law": "Rapid review to the national Panel · due Fri 18 Dec 2026 · 3 working days left",
    "owed_of_ours": "Agency summary: Housing · due today · waits for Housing",
    "taken_over_on": "Wed 25 Nov 2026",
    "taken_in": "CSPR-2026-003 · Panel: Report owed · due Fri 18 Dec 2026 · 3 working days left",
    "unmet": "SAR-2026-001 · Action: A02 · due Tue 1 Dec 2026 · overdue by 3 working days",
    "this_week": "CSPR-2026-004 · Agency summary: Housing · 2 working days left",
}

DIGESTS = (Occasion.DIGEST, Occasion.WEEKLY_SUMMARY)
OF_THE_RECORD = (*DIGESTS, Occasion.RECORD_CHANGED, Occasion.TAKEN_OVER, Occasion.YEARLY_REPORT)
OF_A_REVIEW = [occasion for occasion in Occasion if occasion not in OF_THE_RECORD]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped templates, to be spoilt."""
    with_templates = tmp_path / "templates"
    shutil.copytree(str(files("config") / "templates"), with_templates)
    return with_templates


def test_the_shipped_templates_have_no_fault():
    """One for each occasion, every field allowed, every subject sorting by review."""
    assert [] == check_templates()
    assert set(FACTS) == set(FIELDS), "these tests know every field"


@pytest.mark.parametrize("occasion", OF_A_REVIEW)
def test_every_letter_says_what_the_reader_needs(occasion):
    """The reference first in the subject, the link, the rule with how far it is checked, no gap left unfilled."""
    letter = write_letter(occasion, FACTS)
    assert letter.subject.startswith("CSPR-2026-003 · Rapid review · ")
    assert "[Open review CSPR-2026-003](http://127.0.0.1:4300/reviews/CSPR-2026-003)" in letter.markdown
    assert "[Its card in Prefect](http://127.0.0.1:4200/runs/flow-run/1_2_3)" in letter.markdown
    assert "Source: Working Together to Safeguard Children 2023 (text not yet checked" in letter.markdown
    assert "**What to do:**" in letter.markdown
    assert not re.search(r"[{}]|None|\(\)|\*\*\*\*", letter.subject + letter.markdown)
    assert len(letter.markdown) < 1200, "a tired reader"


@pytest.mark.parametrize("occasion", DIGESTS)
def test_a_digest_lists_each_thing_on_a_line_of_its_own(occasion):
    """What needs the manager comes first; then what waits for others. The subject sorts by its day."""
    letter = write_letter(occasion, FACTS | {"reference": "All reviews"})
    assert letter.subject.startswith("All reviews · ") and "2026-11-23 · 1 overdue" in letter.subject
    heads = [line for line in letter.markdown.splitlines() if line.startswith("**")]
    first = heads.index("**What needs me**")
    assert first < heads.index("**Overdue**") < heads.index("**Due today**")
    assert "- CSPR-2026-003 · a decision is owed · Decision\n- 1 message could not be delivered" in letter.markdown
    assert 5 == letter.html.count("<li>")
    assert "In place of the delegated safeguarding partner, police" in letter.markdown


@pytest.mark.parametrize("occasion", Occasion)
def test_no_subject_names_anybody(occasion):
    """A subject is read on locked screens: not even the pseudonym, nor who could not be reached."""
    subject = write_letter(occasion, FACTS).subject
    for field in ("pseudonym", "waiting_on", "failed_for", "failed_why", "decides"):
        assert FACTS[field] not in subject


def test_the_page_around_a_letter_escapes_what_it_holds():
    """An agency's name with an ampersand, and one that tries to be a mention or a link."""
    spoilt = FACTS | {"waiting_on": "Smith & Sons <at>Everybody</at> [press](https://evil.example) **now**"}
    letter = write_letter("reminder", spoilt)
    assert "Smith &amp; Sons (at)Everybody(/at) (press)(https://evil.example) now" in letter.html
    assert "<at>" not in letter.markdown and "](https://evil" not in letter.markdown


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("_urgent_ and __very__", "urgent and very"),
        ("local.c.panel_day of alex_example", "local.c.panel_day of alex_example"),
        ("- first\n- second", "first\nsecond"),
        ("1. first\n2) second", "1.\N{NO-BREAK SPACE}first\n2)\N{NO-BREAK SPACE}second"),
        ("# Head\n> said\n---\n~~~ x", "Head\n) said\n x"),
        ("`code` ~~gone~~ ![x](https://evil.example/1.png)", "code gone !(x)(https://evil.example/1.png)"),
        ("&lt;b&gt; \\*x\\*", "&amp;lt;b&amp;gt; \\x\\"),
        ("due -5 days, 12.5 hours", "due -5 days, 12.5 hours"),
    ],
)
def test_what_a_person_typed_is_words(folder, typed, read):
    """Whatever it looks like, it is no list, no heading, no stress, no picture; a rule's or a person's id stays."""
    (folder / f"reminder{ENDING}").write_text("{{ reference }} · due\n\n{{ waiting_on }}")
    letter = write_letter("reminder", FACTS | {"waiting_on": typed}, Templates(shipped=folder))
    assert [f"<p>{line.strip()}</p>" for line in read.split("\n")] == re.findall("<p>.*</p>", letter.html)


@example(typed="0> ")  # A number of a list with nothing behind it but a space.
@given(
    typed=st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.text("-+*_#=~`|>.1) \n\\a!&", max_size=40)
)
def test_nothing_that_can_be_typed_is_formatting(typed):
    """Neither to us nor to a reader of the whole of Markdown, as Teams may be: paragraphs of words and nothing else."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for source in (files("config") / "templates").iterdir():
            (folder / source.name).write_text(source.read_text())
        (folder / f"reminder{ENDING}").write_text("{{ reference }} · due\n\n{{ waiting_on }}")
        letter = write_letter("reminder", FACTS | {"waiting_on": typed}, Templates(shipped=folder))
    body = letter.html.partition("</header>")[2].partition("<div")[2].partition(">")[2].partition("</div>")[0]
    for html in (body, MarkdownIt("commonmark").render(letter.markdown)):
        assert {"<p>", "</p>"} >= set(re.findall(r"<[^>]*>", html))


def test_a_link_that_is_none_is_left_out():
    """Only an address that the sender made becomes a link."""
    for link in ("", "javascript:alert(1)", "http://x) [y](http://z"):
        letter = write_letter("reminder", FACTS | {"link": link, "card": link})
        assert "Open review" not in letter.markdown and "card in Prefect" not in letter.markdown


def test_a_letter_has_a_head_and_one_button_and_shows_no_address():
    """The partnership's name and the subject above it; what the reader does next is one button, the rest are links."""
    html = write_letter("reminder", FACTS, partnership="Smith & Sons Partnership").html
    head, _, below = html.partition("</header>")
    assert "Smith &amp; Sons Partnership" in head and "<h1 " in head and "CSPR-2026-003 · Rapid review · due" in head
    links = re.findall(r'<a href="([^"]+)"( style="[^"]*")?>([^<]*)</a>', below)
    assert [FACTS["link"], FACTS["card"]] == [address for address, _, _ in links]
    assert [True, False] == ["background-color" in style for _, style, _ in links], "one of them is a button"
    assert "http" not in re.sub(r'href="[^"]*"', "", below)


def test_a_step_of_our_own_is_told_by_its_source_and_not_by_its_key():
    """A reader in an agency cannot look up `local.x.action_done`."""
    letter = write_letter("due_missed", FACTS | {"rule": "local.x.action_done"})
    assert "local.x" not in letter.markdown + letter.html
    assert "A step of our own: Working Together to Safeguard Children 2023 (" in letter.markdown


def test_the_plain_words_have_each_address_in_full_on_a_line_of_its_own():
    """What a reader of the plain part copies; the head, which repeats sender and subject, is left out of it."""
    words = for_plain_words(write_letter("reminder", FACTS, partnership="Exampleshire").html)
    assert f"Open review CSPR-2026-003:<br>{FACTS['link']}<br>" in words
    assert "Exampleshire" not in words and "<h1" not in words


def test_a_list_in_a_template_stays_a_list(folder):
    """A partnership may write lists: Teams and email both show them."""
    (folder / f"reminder{ENDING}").write_text(
        "{{ reference }} · due\n\nBefore noon:\n\n- read it\n- sign it\n\nThanks."
    )
    letter = write_letter("reminder", FACTS, Templates(shipped=folder))
    assert "Before noon:\n\n- read it\n- sign it\n\nThanks." == letter.markdown
    assert "<ul><li>read it</li><li>sign it</li></ul>" in letter.html


def test_a_link_in_a_template_is_a_link(folder):
    """To an address of the web; what is none stays as it was written. The plain words show the address."""
    (folder / f"reminder{ENDING}").write_text(
        "{{ reference }} · due\n\nSee [the **guidance**](https://guidance.example/a?b=1&c=2).\n\n[us](mailto:a@b.example)"
    )
    html = write_letter("reminder", FACTS, Templates(shipped=folder)).html
    address = "https://guidance.example/a?b=1&amp;c=2"
    assert re.search(
        rf'<p>See <a href="{re.escape(address)}" style="[^"]*">the <strong>guidance</strong></a>.</p>', html
    )
    assert "<p>[us](mailto:a@b.example)</p>" in html
    assert f"the <strong>guidance</strong>:<br>{address}<br>" in for_plain_words(html)


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        ("<body>{{ subject }}</body>", "body: the page around every email must show it"),
        ("<body>{{ body }}{{ blocks }}</body>", "blocks: not a field of the page around an email"),
        ("<body>{{ body }</body>", "template: cannot be read"),
    ],
)
def test_a_spoilt_page_is_named_with_what_is_wrong(folder, spoilt, problem):
    """The page around every email may be edited too."""
    (folder / "layout.html.j2").write_text(spoilt)
    faults = [str(fault) for fault in check_templates(Templates(shipped=folder))]
    assert any(fault.startswith(f"config/templates/layout.html.j2: {problem}") for fault in faults)


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        ("{{ reference }}\n\nDear {{ family_name }}", "family_name: not a field"),
        ("{{ reference }}\n\n{{ reference.__class__ }}", "template: may not use"),
        ("{{ reference }}\n\n{% if due %}no end", "template: cannot be read"),
        ("Reminder for {{ reference }}\n\nHello", "subject: the first line is the subject"),
        ("{{ reference }} {{ pseudonym }}\n\nHello", "pseudonym: not allowed in a subject line"),
        ("{{ reference }} {% if due %}\nx{% endif %}\n\nHello", "subject: the first line is the subject, and must"),
        ("{{ reference }}\n\n![logo](https://pictures.example/1.png)", "body: pictures and HTML"),
        ("{{ reference }}\n\n<b>Hello</b>", "body: pictures and HTML"),
        ("{{ reference }}\n\n{{ due | shout }}", "template: may not use the filter"),
    ],
)
def test_a_spoilt_template_is_named_with_what_is_wrong(folder, spoilt, problem):
    """What a partnership might write, and what `safeguarding check` says to it."""
    (folder / f"reminder{ENDING}").write_text(spoilt)
    faults = [str(fault) for fault in check_templates(Templates(shipped=folder))]
    assert 1 == len(faults) and faults[0].startswith(f"config/templates/reminder.md.j2: {problem}")


def test_missing_and_stray_templates_are_all_named(folder):
    """Two taken away, one of no occasion: three faults at once."""
    (folder / f"reminder{ENDING}").unlink()
    (folder / "layout.html.j2").unlink()
    (folder / f"birthday{ENDING}").write_text("{{ reference }}\n\nHello")
    assert [
        "birthday.md.j2",
        "layout.html.j2",
        "reminder.md.j2",
    ] == sorted({Path(fault.file).name for fault in check_templates(Templates(shipped=folder)) if "file" == fault.key})


BOMBS = {
    "{% include '../secret.md.j2' %}": "may include only a file of its own folder",
    "{% include '/etc/passwd' %}": "may include only a file of its own folder",
    "{% include 'link.md.j2' %}": "which is not in its folder",
    "{% include 'digest.md.j2' %}": "includes itself",
    "{% include '_round.md.j2' %}": "includes itself",
    "{% for n in range(10**9) %}x{% endfor %}": "may not use Pow",
    "{{ 'x' * 1000000000 }}": "may not use Mul",
    "{{ '%1000000000d'|format(1) }}": "may not use the filter 'format'",
    "{{ day.center(1000000000) }}": "may not use '.center'",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}": "may not use Macro",
    "{% for a in overdue.splitlines() %}{% for b in day %}{% endfor %}{% endfor %}": "loop inside a loop",
    "{{ range(100000)|list }}": "may not use the filter 'list'",
    "{% for n in range(99999) %}x{% endfor %}": "may not call anything",
    "{% if " + "(" * 5000 + "day" + ")" * 5000 + " %}{% endif %}": "cannot be read",
    "{{ ''.__class__.__mro__ }}": "may not use '.__",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_template_stays_in_its_folder_and_in_bounds(folder: Path, bomb: str) -> None:
    """It reads no other file, does not go round in circles, and counts nothing: named by `check`, within a second."""
    (folder.parent / "secret.md.j2").write_text("secret")
    (folder / "link.md.j2").symlink_to(folder.parent / "secret.md.j2")
    (folder / "_round.md.j2").write_text("{% include 'digest.md.j2' %}")
    template = folder / "digest.md.j2"
    template.write_text(template.read_text() + bomb)
    begun = time.monotonic()
    found = [f.problem for f in check_templates(Templates(shipped=folder)) if f.file.endswith("/digest.md.j2")]
    assert any(BOMBS[bomb] in problem for problem in found), found
    assert time.monotonic() - begun < patience(5)
    with pytest.raises(TemplateError):
        write_letter("digest", {"reference": "x", "overdue": "x"}, Templates(shipped=folder))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_template_saved_on_windows_says_the_same(folder: Path, encoding: str) -> None:
    """With a mark, in UTF-16, with Windows' line ends, and with what Word pastes between its words."""
    file = folder / f"reminder{ENDING}"
    text = "{{ reference }}\u00a0\u00b7\u200b due\n\nIt\u2019s {{ owed }}."
    file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert [] == check_templates(Templates(shipped=folder))
    letter = write_letter("reminder", FACTS, Templates(shipped=folder))
    assert "CSPR-2026-003 \u00b7 due" == letter.subject
    assert "It\u2019s Rapid review to the national Panel." == letter.markdown


@pytest.mark.parametrize(
    ("held", "key", "words"),
    [
        ("{{ reference }} due\n\nIt\u2019s late\u2026".encode("cp1252"), "line 3", "it looks like Windows-1252"),
        (b"PK\x03\x04", "line 1", "is a Word, Excel or zip file and no text"),
        (b"{{ reference }}\n\n\x07", "file", "holds a control character, which cannot be seen, in its line 3"),
    ],
)
def test_a_template_that_cannot_be_read_is_named(folder: Path, held: bytes, key: str, words: str) -> None:
    """By file and line, and with what to do, before a letter is owed."""
    (folder / f"reminder{ENDING}").write_bytes(held)
    (fault,) = check_templates(Templates(shipped=folder))
    assert (f"config/templates/reminder{ENDING}", key, True) == (fault.file, fault.key, words in fault.problem), fault
