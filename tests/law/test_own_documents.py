"""A partnership names its own procedures and policies: where each is kept, at which stages of which track."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from driver.partnership import example_as_one, with_local

import config
from safeguarding.errors import RulebookInvalid
from safeguarding.law.own_document import documents_for

PROCEDURE = {
    "title": "Local serious incident procedure",
    "where": "https://ours.example/procedure",
    "track": "children",
    "stages": ["referral", "rapid_review"],
}
POLICY = {"title": "Review policy", "where": "Shared drive, folder 4"}


def read(tmp_path: Path, *documents: dict[str, Any], **besides: Any) -> Any:
    """The partnership of the example with these documents."""
    return config.load(with_local(tmp_path, example_as_one()["local"], documents=[*documents], **besides)).partnership


def test_each_is_named_at_its_stages_and_where_none_is_said_at_all(tmp_path: Path) -> None:
    """Of another track or stage nothing is shown; an address can be opened, words cannot."""
    own = read(tmp_path, PROCEDURE, POLICY).documents
    titles = {
        (track, stage): [one.title for one in documents_for(track, {stage}, own)]
        for track in ("children", "adults")
        for stage in ("referral", "panel")
    }
    assert [PROCEDURE["title"], POLICY["title"]] == titles["children", "referral"]
    assert [POLICY["title"]] == titles["children", "panel"] == titles["adults", "referral"]
    assert (PROCEDURE["where"], "") == (own[0].address, own[1].address)
    assert "Review policy: Shared drive, folder 4" == own[1].words


@pytest.mark.parametrize(
    ("documents", "key"),
    [
        ([PROCEDURE, PROCEDURE], "documents[Local serious incident procedure].title"),
        ([POLICY | {"stages": ["trial"]}], "stages[0]"),
        ([POLICY | {"track": "elders"}], "track"),
        ([POLICY | {"where": ""}], "where"),
        ([POLICY | {"where": "www.ours.example/policy"}], "where"),
        ([POLICY | {"where": "https://ours.example/the policy"}], "where"),
        ([POLICY | {"where": "javascript://ours.example/%0aalert(1)"}], "where"),
        ([{"title": "Review policy"}], "where"),
    ],
    ids=["twice", "no such stage", "no such track", "nowhere", "half an address", "a gap", "no web", "left out"],
)
def test_what_is_wrong_is_named(tmp_path: Path, documents: list[dict[str, Any]], key: str) -> None:
    """By its key: nothing is shown that leads nowhere."""
    with pytest.raises(RulebookInvalid) as caught:
        read(tmp_path, *documents)
    assert any(fault.key.endswith(key) for fault in caught.value.faults), caught.value.faults
