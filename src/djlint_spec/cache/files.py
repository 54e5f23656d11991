"""Files that only their owner reads and writes, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

_MODE = 0o600
_DIGEST = 16


def digest(content: bytes) -> bytes:
    """A short name for some bytes."""
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()


def read_own(path: Path) -> bytes | None:
    """What `write_own` wrote; None for a file that is not there, not ours or not whole."""
    try:
        with path.open("rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None  # another's file is no authority on our project
            written, payload = file.read(_DIGEST), file.read()
    except OSError:
        return None
    return payload if digest(payload) == written else None


def write_own(path: Path, payload: bytes) -> None:
    """Write a file in one step; without a writable place nothing happens."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(digest(payload))
                file.write(payload)
            Path(name).chmod(_MODE)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise
