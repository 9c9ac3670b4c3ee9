"""
The command that proves on the running system that nothing of what is typed stays outside the sealed record.
"""

from __future__ import annotations

import signal

from flows.cli.place import Here
from flows.cli.said import Said


def prove(*, here: Here) -> Said:
    """
    Prove that nothing typed is left anywhere: plant invented words through every door, and search everywhere for them.

    Beside a running system. On your own record nothing is opened and no line is written; on the demo's answers are
    accepted too. What was planted is taken away.

    ```
    safeguarding privacy prove --demo
    ```
    """
    # The doors of the demo and of Prefect's address are not needed by any other command.
    from flows.privacy import prove as proving
    from flows.privacy import report

    # Told to end it takes away what it planted, as at Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    proof = proving.prove(here.installation(), here.waiting)
    return Said(report.words(proof), report.as_data(proof), code=0 if proof.holds else 1)
