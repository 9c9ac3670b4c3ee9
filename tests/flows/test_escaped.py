"""What stands in a page is shown as it is: no value makes a heading, a link, a picture, a table or HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flows.artifacts.artifact import table
from safeguarding.shown.escaped import escaped

RENDERED = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TYPED = [
    "# Closed",
    "[the record](https://evil.example/)",
    "![a picture](https://evil.example/a.png)",
    "<img src=x onerror=alert(1)>",
    "https://evil.example/7",
    "www.evil.example",
    "one | two",
    "1. First",
    "- item",
    "**all agree** and ~~not~~ `code` _so_",
    "&lt;b&gt;",
    "two\n\n# lines",
]


def shown(value: str) -> str:
    """The value as a list item shows it, without the tags of the list."""
    made = RENDERED.render(f"- {escaped(value)}\n").strip()
    assert made.startswith("<ul>\n<li>") and made.endswith("</li>\n</ul>"), made
    return made[9:-11]


@pytest.mark.parametrize("value", TYPED)
def test_a_value_reads_as_words(value: str) -> None:
    """Each is the same words to the reader, and no tag at all."""
    made = shown(value)
    assert "<" not in made
    words = made.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert " ".join(value.split()) == words
    assert not re.search(r"https?://|www\.", escaped(value)), "the page would make a link of it"


@given(st.text(max_size=60))
def test_whatever_a_value_holds_no_tag_comes_of_it(value: str) -> None:
    """Any sign of any script, in any order."""
    assert "<" not in shown(f"x{value}")
    assert "<" not in shown(value) or not escaped(value)


def test_a_cell_of_a_table_is_escaped() -> None:
    """Prefect's page takes each cell for Markdown."""
    made = table("board", [{"Agency": "![p](http://evil.example/p.png)", "Late": 2}], "words")
    assert "![p](http" not in made.data and '"Late": 2' in made.data
