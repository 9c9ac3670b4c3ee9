"""
How often, and with what, the tests that try random things do so: the same things each time, unless `make fuzz` asks.

What fails in `make test` then fails on each machine and for whoever runs it again. Chance is for `make fuzz`, which
tries as many of each as it is asked for, other ones at each run.
"""

from __future__ import annotations

import os
from typing import Any

import hypothesis
from hypothesis.internal.conjecture import providers

MANY = int(os.environ.get("FUZZ", "0"))
"""How many of each kind are asked for; 0 for the few of an ordinary run."""


def tries(few: int, **besides: Any) -> hypothesis.settings:
    """So many examples, unless many are asked for."""
    return hypothesis.settings(max_examples=MANY or few, **besides)


def settle() -> None:
    """
    Make this the way of every test: called once, before any test is read.

    What hypothesis calls a deadline is a limit on the wall clock: on a busy machine it fails a law that holds. And
    it mixes the numbers and words of whatever modules of ours are loaded into what it tries: which those are depends on
    the tests that this process ran before, so an ordinary run leaves them out.
    """
    hypothesis.settings.register_profile("house", deadline=None, derandomize=not MANY, database=None)
    hypothesis.settings.load_profile("house")
    if not MANY:
        none = providers.Constants()
        providers._get_local_constants = lambda: none
