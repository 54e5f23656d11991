"""Texts to read: files of the standard library, changed at random, and noise."""

from __future__ import annotations

import functools
import sysconfig
from pathlib import Path

from hypothesis import strategies as st

_FILES = (
    "abc.py", "argparse.py", "ast.py", "asyncio/locks.py", "bisect.py", "contextlib.py", "dataclasses.py", "enum.py",
    "functools.py", "graphlib.py", "keyword.py", "queue.py", "reprlib.py", "sched.py", "shelve.py", "string.py",
    "this.py", "types.py", "test/test_patma.py", "test/test_grammar.py", "test/test_tokenize.py",
    "test/test_fstring.py",
    "test/test_unicode_identifiers.py", "test/test_named_expressions.py", "test/test_except_star.py",
    "test/test_syntax.py", "test/test_generators.py", "test/test_typing.py", "__future__.py", "chunk.py", "colorsys.py",
)  # fmt: skip
#: What goes into a text: all that changes lines and columns, and bits of syntax.
PIECES = (
    "é", "漢字", "𝔘", "🎉", "\ufeff", "\t", "\f", "\r", "\r\n", "\n", "\\\n", "\x00", "\v", "\x1c", "\u2028", "\ud800",
    "#  djlint-spec: ignore\n", "# noqa: DJS101\n", "'# noqa: DJS101'", '"""', "(", ")", ":", "def f(): pass\n",
    "ﬁ = 1\n",
    "class K(A, metaclass=M): x = 1\n", "if x: y = 'é'; z = w\n", "@d\n", "async ", "await ", "lambda é: é", "    ",
    "1j",
    "match x:\n    case [A(b), *_]: pass\n", "x = " + "-" * 40 + "1\n", "try: pass\nexcept* E: pass\n", "f'{x!r:>{y}}'",
)  # fmt: skip


@functools.cache
def real_texts() -> tuple[str, ...]:
    """Files of the running Python's standard library, those of this list that it has."""
    home = Path(sysconfig.get_path("stdlib"))
    paths = [home / name for name in _FILES]
    return tuple(path.read_text(encoding="utf-8") for path in paths if path.is_file())


@st.composite
def changed_texts(draw: st.DrawFn) -> str:
    """A stretch of a real file, with a few pieces put in and a few stretches taken out, under any line ends."""
    lines = draw(st.sampled_from(real_texts())).splitlines(keepends=True)
    start = draw(st.integers(0, max(0, len(lines) - 1)))
    text = "".join(lines[start : start + draw(st.integers(1, 120))])
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        if draw(st.booleans()):
            text = text[:at] + draw(st.sampled_from(PIECES)) + text[at:]
        else:
            text = text[:at] + text[at + draw(st.integers(0, 60)) :]
    return text.replace("\n", draw(st.sampled_from(("\n", "\r\n", "\r"))))


@st.composite
def any_texts(draw: st.DrawFn) -> str:
    """A changed real file, pieces in any order, or characters at random."""
    return draw(
        st.one_of(
            changed_texts(),
            st.lists(st.sampled_from([*PIECES, "x", "=", " ", ".", ","]), max_size=25).map("".join),
            st.text(max_size=80),
        )
    )
