"""What reviews agreed on a theme, asked at the command line before the same is recommended again."""

from __future__ import annotations

from datetime import timedelta

from driver.taught import child_review
from driver.terminal import Terminal

from safeguarding.dates.london import now
from tasks.record.installation import open_installation


def test_what_was_agreed_on_a_theme(terminal: Terminal) -> None:
    """By id or by words: each action with its review, how it stands, its impact; what is no theme is named."""
    with open_installation(now()) as made:
        reference, _ = child_review(made.records, now() - timedelta(days=200))
        review = made.records.read(reference)
        theme = review.actions[0].themes[0]
    code, out, _ = terminal("learning", "--theme", theme, "--as", "alex_example")
    assert 0 == code
    assert f"{reference} A01: " in out and "impact" in out
    code, out, _ = terminal("learning", "--theme", "equality", "--as", "alex_example")
    assert (0, "No action of a review that you may see is on: Race, culture and disability.") == (code, out.strip())
    code, _, err = terminal("learning", "--theme", "nonsense", "--as", "alex_example")
    assert code and "--theme takes one of the themes: " in err and "nonsense" not in err
    code, _, err = terminal("learning", "--theme", theme, "--as", "nobody_known")
    assert code and "nobody of the partnership's file" in err
    code, out, _ = terminal("learning", "--theme", theme, "--as", "kit_lead")
    assert 0 == code and reference not in out
