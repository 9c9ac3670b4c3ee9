"""What each stage is for: the program's words, and a partnership's own in their place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from driver.partnership import example_as_one, with_local

import config
from safeguarding.errors import RulebookInvalid
from safeguarding.law.guidance import LONGEST_GUIDANCE, guidance_words
from safeguarding.review.states import Stage, Track

OWN = {"track": "children", "stage": "panel", "words": "Ours: the panel meets in the town hall."}


def test_every_stage_of_either_track_has_its_words() -> None:
    """Two or three sentences each, short enough to be read at a form."""
    for track in Track:
        for stage in Stage:
            words = guidance_words(track.value, stage.value, ())
            assert len(re.findall(r"\.(?: |$)", words)) in (2, 3), (track, stage)
            assert len(words) <= LONGEST_GUIDANCE


def test_a_partnerships_own_words_stand_in_their_place(tmp_path: Path) -> None:
    """At that stage of that track alone; the others keep the program's."""
    own = config.load(with_local(tmp_path, example_as_one()["local"], guidance=[OWN])).partnership.guidance
    assert OWN["words"] == guidance_words("children", "panel", own)
    for track, stage in (("adults", "panel"), ("children", "decision")):
        assert guidance_words(track, stage, ()) == guidance_words(track, stage, own)


@pytest.mark.parametrize(
    ("guidance", "key"),
    [
        ([OWN, OWN], "guidance[children.panel].id"),
        ([OWN | {"stage": "trial"}], "stage"),
        ([OWN | {"track": "both"}], "track"),
        ([OWN | {"words": "x" * (LONGEST_GUIDANCE + 1)}], "words"),
    ],
    ids=["twice", "no such stage", "no such track", "too long"],
)
def test_guidance_that_does_not_fit_is_named(tmp_path: Path, guidance: list[dict[str, str]], key: str) -> None:
    """The same stage twice, a stage or a track that is none, more words than anybody reads at a form."""
    with pytest.raises(RulebookInvalid) as caught:
        config.load(with_local(tmp_path, example_as_one()["local"], guidance=guidance))
    assert any(fault.key.endswith(key) for fault in caught.value.faults), caught.value.faults
