"""What patterns of `match` bind, and what they compare with."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def captures(pattern: ast.pattern) -> Iterable[str]:
    """The names that a pattern binds."""
    for node in ast.walk(pattern):
        match node:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case _:
                pass


def compared(pattern: ast.pattern) -> Iterable[ast.expr]:
    """The constants and dotted names that a pattern compares with."""
    for node in ast.walk(pattern):
        match node:
            case ast.MatchValue(value=value) | ast.MatchClass(cls=value):
                yield value
            case ast.MatchSingleton(value=constant):
                yield ast.copy_location(ast.Constant(constant), node)
            case _:
                pass


def plain(pattern: ast.pattern) -> bool:
    """Whether a pattern is nothing but its values."""
    match pattern:
        case ast.MatchValue() | ast.MatchSingleton():
            return True
        case ast.MatchOr(patterns=patterns):
            return all(map(plain, patterns))
        case _:
            return False


def irrefutable(pattern: ast.pattern) -> bool:
    """Whether a pattern takes everything."""
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
