"""Somebody outside the unit refers: the form is at their page, it comes back filled in, and nobody types it again."""

from __future__ import annotations

import io
from collections.abc import Callable

from docx import Document
from driver.filled_form import CHILD, filled_form
from driver.filling import Filler, boxes_of

from safeguarding.review.states import Track
from tasks.record.installation import Installation

HERE = "/referral-form"
WHAT = "On 27 November Otto was found hurt at home."


def test_an_agencys_lead_refers_and_the_unit_takes_it_in(
    somebody: Callable[[str], Filler], manager: Filler, installation: Installation
) -> None:
    """The lead takes the blank form at their page; filled in it stands in «Open a referral», and is sent from there."""
    lead = somebody("casey_lead").visitor
    assert 'href="/referral-forms/children.docx"' in lead.get("/").text
    blank = lead.get("/referral-forms/children.docx")
    assert "Name of the child" in Document(io.BytesIO(blank.content)).tables[1].rows[1].cells[0].text
    assert 403 == lead.get(HERE).status_code and "send it the form" in lead.words

    before = len(installation.records.list())
    unit = manager.visitor
    assert f'href="{HERE}"' in unit.get("/").text
    unit.get(HERE)
    unit.upload(HERE, ("form", filled_form(installation.rulebook.partnership, Track.CHILDREN, CHILD)))
    assert "/reviews/new-child/do/open_referral/1" == unit.path, unit.words
    stands = boxes_of(unit.page.text).values
    assert ["police"] == stands["agency"] and ["agency"] == stands["referred_by"]
    assert WHAT in stands["summary"][0] and "detective sergeant" in stands["referrer"][0]
    assert ["serious harm, abuse or neglect known or suspected"] == stands["concern"]
    assert before == len(installation.records.list()), "nothing is recorded before it is sent"
    manager.whole({})
    manager.send()
    assert "/recorded/" in unit.path, unit.words
    reference = unit.path.split("/")[2]
    assert "police" == installation.records.read(reference).facts["referral_received"]["agency"]
    assert "Otto" not in unit.get(f"/reviews/{reference}").text


def test_what_cannot_be_taken_in_is_said(manager: Filler, installation: Installation) -> None:
    """No file, one that is no form of ours, a second while the first is not sent: each in words, nothing is lost."""
    unit, ours = manager.visitor, installation.rulebook.partnership
    for held, said in (
        (None, "Choose the form"),
        (b"Canary", "it is no Word file (.docx)"),
        (filled_form(ours, Track.CHILDREN, {}), "nothing is filled in on it"),
    ):
        unit.get(HERE)
        unit.upload(HERE, held and ("form", held))
        assert 422 == unit.page.status_code and said in unit.words and "Canary" not in unit.page.text
    unit.get(HERE)
    unit.upload(HERE, ("form", filled_form(ours, Track.CHILDREN, CHILD)))
    unit.get(HERE)
    unit.upload(HERE, ("form", filled_form(ours, Track.CHILDREN, CHILD | {"What happened, and when": "Another."})))
    assert 422 == unit.page.status_code and "You have begun a referral of a child already" in unit.words
    unit.get("/reviews/new-child/do/open_referral/1")
    assert WHAT in unit.page.text


def test_what_a_form_leaves_open_is_said_before_it_is_looked_over(manager: Filler, installation: Installation) -> None:
    """The agency is no name of ours and the concern not one that is offered: both are said; the rest stands there."""
    unit, ours = manager.visitor, installation.rulebook.partnership
    unit.get(HERE)
    otherwise = {"Agency or organisation": "Exampleshire <Fire>", "What is referred": "it looked bad"}
    unit.upload(HERE, ("form", filled_form(ours, Track.CHILDREN, CHILD | otherwise)))
    assert 200 == unit.page.status_code and "The form is taken in" in unit.words
    assert "Who referred: «Exampleshire <Fire>» is no agency of yours by this name." in unit.words
    assert "What is referred: it is not written as it is offered, so choose it." in unit.words
    unit.get("/reviews/new-child/do/open_referral/1")
    stands = boxes_of(unit.page.text).values
    assert WHAT in stands["summary"][0] and not any(stands.get("concern", []))


def test_one_form_after_the_other_is_taken_in(manager: Filler, installation: Installation) -> None:
    """Two children by one hand on one day, each sent, then typed over and sent again: each is a review of its own."""
    unit, ours = manager.visitor, installation.rulebook.partnership
    found = []
    for name in ("Ottoline Sample", "Bertie Sample"):
        unit.get(HERE)
        unit.upload(HERE, ("form", filled_form(ours, Track.CHILDREN, CHILD | {"Name of the child": name})))
        manager.whole({})
        assert name in unit.get("/reviews/new-child/do/open_referral/1").text
        manager.whole({})
        manager.send()
        assert "/recorded/" in unit.path, unit.words
        found.append(unit.path.split("/")[2])
    assert 2 == len(set(found)), "the second is no repetition of the first"
    assert set(found) <= {row.reference for row in installation.records.list()}
