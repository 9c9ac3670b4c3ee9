"""A broken character in a pasted text stops neither the server nor the runner."""

import json

import pytest

from flows.server.mend_text import mend


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("a cut emoji \ud83d", "a cut emoji �", id="half of a pair"),
        pytest.param("the other half \ude00 of it", "the other half � of it", id="the other half"),
        pytest.param("a null\0here", "a null�here", id="a null, which PostgreSQL refuses"),
        pytest.param("whole \U0001f600", "whole \U0001f600", id="a whole emoji stays"),
        pytest.param("Zoë, 12 – «no»", "Zoë, 12 – «no»", id="any other letter stays"),
    ],
)
def test_what_cannot_be_kept_is_replaced_wherever_it_stands(typed: str, kept: str) -> None:
    """In a value, in a list and in a name."""
    body = json.dumps({"form": {typed: [typed, {"reason": typed}]}}).encode()

    assert {"form": {kept: [kept, {"reason": kept}]}} == json.loads(mend(body))


def test_a_body_that_is_sound_is_passed_on_byte_for_byte() -> None:
    """Nothing is parsed without a reason."""
    body = b'{ "a" :  1.0, "b": "\\u00e9" }'

    assert body is mend(body)


def test_a_body_that_is_not_json_is_passed_on() -> None:
    """Prefect's own refusal is the right one."""
    assert b"\\ud83d{" == mend(b"\\ud83d{")
