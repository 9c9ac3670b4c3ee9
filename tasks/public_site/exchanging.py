"""
Two folders that change places at once, so that nobody finds neither: where the system can do it, and else in two moves.
"""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from typing import Final

_HERE: Final = -100
"""AT_FDCWD of Linux: a path is read from where the process is."""
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux's renameat2."""
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})
"""What a system or a disk says that cannot exchange."""


def exchange(one: Path, other: Path) -> bool:
    """Two folders change places at once; False where this system or disk cannot. Raises OSError."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    why = ctypes.get_errno()
    if why in _CANNOT:
        return False
    raise OSError(why, os.strerror(why), str(other))
