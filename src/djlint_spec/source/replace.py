"""Put a new text in the place of a file, so that at any moment the file is either the old or the new one."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import stat
import tokenize
from collections.abc import Iterable
from pathlib import Path

from djlint_spec.source.tree import Source, Unreadable, decode

_TEMPORARY = re.compile(r"\.djlint-spec-(\d+)-\d+\.tmp")
_count = itertools.count()


class NotReplaced(Exception):
    """The file stays as it was; the message says why, for the user."""


def why_not_replaceable(path: Path) -> str | None:
    """Why a file must stay: its owner does not want it written, or its folder takes no new file. None otherwise."""
    try:
        mode = path.stat().st_mode
        folder = path.resolve().parent
        folder_mode = folder.stat().st_mode
    except OSError as error:
        return _why(error)
    if not stat.S_ISREG(mode):
        return "it is not a regular file"
    # Root may write anything: the mode tells what the owner wants.
    if not mode & 0o222 or not os.access(path, os.W_OK):
        return "the file is read-only"
    if not folder_mode & 0o222 or not os.access(folder, os.W_OK | os.X_OK):
        return "the folder is read-only"
    return None


def replace_text(path: Path, read: Source, text: str) -> Source:
    """Write `text` in the encoding of the file that was read as `read`; what it is afterwards.

    A link stays a link: the file that it leads to is replaced. Mode and, where permitted, owner stay. Raises
    NotReplaced when the file has changed since it was read, cannot be written, or has no character for the text.
    """
    why = why_not_replaceable(path)
    if why is not None:
        raise NotReplaced(why)
    target = path.resolve()
    try:
        raw = target.read_bytes()
        held = decode(read.path, raw)
        if isinstance(held, Unreadable) or held.digest != read.digest:
            raise NotReplaced("the file has changed since it was read")
        new = encoded(raw, text)
        _exchange(target, new)
    except OSError as error:
        raise NotReplaced(_why(error)) from None
    written = decode(read.path, new)
    assert isinstance(written, Source)
    return written


def _why(error: OSError) -> str:
    return f"it cannot be written: {error.strerror or error}"


def encoded(raw: bytes, text: str) -> bytes:
    """A new text in the encoding, and with the byte order mark, of a file's bytes; raises NotReplaced."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        raise NotReplaced(f"the new text has characters that {encoding} has not") from None


def _exchange(target: Path, new: bytes) -> None:
    before = target.stat()
    temporary = target.parent / f".djlint-spec-{os.getpid()}-{next(_count)}.tmp"
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        _keep_owner(temporary, before)
        temporary.chmod(stat.S_IMODE(before.st_mode))
        now = target.stat()
        if (now.st_ino, now.st_mtime_ns, now.st_size) != (before.st_ino, before.st_mtime_ns, before.st_size):
            raise NotReplaced("the file has changed since it was read")
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _keep_owner(temporary: Path, before: os.stat_result) -> None:
    made = temporary.stat()
    if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        # Only root may give a file away; the group alone often works.
        for owner in ((before.st_uid, before.st_gid), (-1, before.st_gid)):
            with contextlib.suppress(PermissionError):
                os.chown(temporary, *owner)
                return


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove the temporary files that a run which was killed has left in folders."""
    for folder in folders:
        try:
            names = [entry.name for entry in os.scandir(folder)]
        except OSError:
            continue
        for name in names:
            found = _TEMPORARY.fullmatch(name)
            if found is not None and not _is_alive(int(found[1])):
                with contextlib.suppress(OSError):
                    (folder / name).unlink()


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return process != os.getpid()
