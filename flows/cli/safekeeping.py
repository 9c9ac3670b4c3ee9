"""
Commands that keep the record safe: back it up, restore it, change its master key, move it to this program's edition.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from config.settings import secret
from flows.cli.place import Here
from flows.cli.said import Said
from safeguarding.dates.london import now
from tasks.record import backup as backups
from tasks.record import heads, restore, rotate
from tasks.store.key_files import kept_aside
from tasks.store.migrations import LATEST, STEPS, known, version
from tasks.store.session import connect
from tasks.store.whereabouts import NoRecord, file_of

Folder = Annotated[Path, Parameter(metavar="FOLDER")]
MASTER_KEY = "MASTER_KEY"


def backup(folder: Folder, /, *, with_key: bool = False, here: Here) -> Said:
    """
    Write a dated backup into a folder, while the system runs, and read it again.

    Beside it lies a file of heads, which proves later that nothing was taken back: give that one to somebody else.

    ```
    safeguarding backup backups --demo
    ```

    Parameters
    ----------
    folder
        Where to: another disk. It is made if it is not there.
    with_key
        Put the master key into it too: whoever has the file can then read everything.
    """
    installation = here.installation()
    with here.waiting("Copying the record, and proving the copy"):
        done = backups.back_up(installation, folder, now(), with_key=with_key)
    words = [f"{done.file}: {done.line}."]
    words.append("It holds the master key: keep it as you would the record." if with_key else WITHOUT_KEY)
    if done.found:
        words += ["The record itself does not prove itself, and neither does the copy:", *map(str, done.found)]
    data = {"file": str(done.file), "heads": str(done.heads) if done.heads else None, "found": len(done.found)}
    return Said(words, data, code=1 if done.found else 0)


WITHOUT_KEY = (
    "The master key is not in it: without the key nobody can read it, and you neither. Keep the key elsewhere."
)


def restore_backup(file: Annotated[Path, Parameter(metavar="FILE")], /, *, anyway: bool = False, here: Here) -> Said:
    """
    Put a backup in place, where there is no record: in an empty home folder, or an empty database.

    The master key has to be there first, unless the backup holds it. What left this machine is not sent again where
    `departures.log` is still there, or was put into the backup.

    ```
    safeguarding restore safeguarding-2026-11-28T021500Z.backup.zip
    ```

    Parameters
    ----------
    file
        What `safeguarding backup` wrote.
    anyway
        Also where it does not prove itself.
    """
    settings = here.settings
    with here.waiting("Proving the backup, and putting it in place"):
        done = restore.restore(file, settings, here.rulebook, secret(MASTER_KEY), now(), anyway=anyway)
    words = [f"Restored in {settings.home}: {done.line}."]
    if done.lost:
        words.append(f"{done.lost} lines were recorded here after this backup was made: they are to be recorded again.")
    words += [*done.warned, *(str(one) for one in done.found)]
    words.append("Start the system: it makes every card again.")
    return Said(
        words,
        {"lost": done.lost, "found": [str(one) for one in done.found], "warned": list(done.warned)},
        code=1 if done.found else 0,
    )


# --------------------------------------------------------------------------- the master key


def rotate_key(*, to: Annotated[Path | None, Parameter(metavar="FILE")] = None, yes: bool = False, here: Here) -> Said:
    """
    Change the master key. Not one word of the ledger changes; the old key is kept aside, for backups made before.

    A running system takes the new key by itself, where it is a file.

    ```
    safeguarding key rotate --yes --demo
    ```

    Parameters
    ----------
    to
        The file for the new key, where the key is given as a secret: put it there yourself, then start again.
    yes
        Do not ask.
    """
    installation = here.installation()
    if secret(MASTER_KEY) is not None and to is None:
        why = "The master key is given as a secret: name a file for the new one, with --to. Nothing was changed."
        raise rotate.KeyNotTurned(why, why)
    if not yes:
        here.confirm(
            "A new master key is made for this record. Type rotate to go on:", "rotate", "Nothing was changed."
        )
    with here.waiting("Proving the record, and sealing it again"):
        aside = rotate.turn(installation, now(), to)
    words = ["The record has a new master key. Keep a copy apart from the backups."]
    if aside is not None:
        words.append(f"The old one is kept as {aside}: backups made before open with it alone.")
    if to is not None:
        words.append(f"The new one is in {to}: put it where the old one was given, and start the system again.")
    return Said(words, {"kept_aside": str(aside) if aside else None, "new": str(to) if to else None})


def forget_keys(*, yes: bool = False, here: Here) -> Said:
    """
    Remove the old master keys that were kept aside. Backups made before the change can then not be read again.

    ```
    safeguarding key forget --yes --demo
    ```

    Parameters
    ----------
    yes
        Do not ask.
    """
    home = here.installation().settings.home
    old = kept_aside(home)
    if not old:
        return Said([f"No old key is kept in {home}."], {"removed": 0})
    if not yes:
        here.confirm(f"{len(old)} old keys are removed. Type forget to go on:", "forget", "Nothing was removed.")
    for file in old:
        file.unlink()
    return Said([f"{len(old)} removed from {home}. Copies elsewhere are yours to remove."], {"removed": len(old)})


def show_key(*, here: Here) -> Said:
    """
    The public key by which anybody can check what was signed: a file of heads. The master key is never shown.

    ```
    safeguarding key show --demo
    ```
    """
    public = here.installation().records.with_keys(heads.public_key)
    return Said([f"Public key (Ed25519, base64): {public}"], {"public_key": public})


# --------------------------------------------------------------------------- a new edition of the program


def upgrade(*, yes: bool = False, here: Here) -> Said:
    """
    Say what this edition of the program changes in the record, and after a yes change it.

    ```
    safeguarding upgrade --demo
    ```

    Parameters
    ----------
    yes
        Do not ask.
    """
    url = here.settings.record_url
    file = file_of(url)
    if file is not None and not file.exists():
        here.installation()  # Says what is missing, or that it is gone.
    engine = connect(url)
    try:
        stands = known(version(engine))
    finally:
        engine.dispose()
    if stands is None:
        raise here.missing(NoRecord(url))
    coming = {step: what for step, what in STEPS.items() if step > stands}
    if not coming:
        here.installation()  # It is not said to be in order where every other command refuses it.
        return Said([f"The record stands at step {stands}, the newest. Nothing is to be done."], {"step": stands})
    words = [f"The record stands at step {stands}. This program adds:", *(f"  {s}: {w}" for s, w in coming.items())]
    if not yes:
        for line in words:
            here.note(line)
        here.confirm("There is no way back but a backup. Type upgrade to go on:", "upgrade", "Nothing was changed.")
    with here.waiting("Moving the record on, and proving it"):
        found = here.installation().records.verify()
    words += [f"Done: it stands at step {LATEST}.", *map(str, found)]
    return Said(words, {"step": LATEST, "found": [str(one) for one in found]}, code=1 if found else 0)
