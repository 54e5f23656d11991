"""Calls within the loops of a function, each with the loops around it and what guards it in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of, walk, walk_for
from djlint_spec.project.symbols import target_names

_OF_INTEREST: frozenset[type[msgspec.Struct]] = frozenset({t.Call, t.Comprehension})


class Around(msgspec.Struct, frozen=True):
    """A `for`, or one of a comprehension: what it goes through, the names that it gives values to, its body."""

    iterable: t.Expr
    targets: frozenset[str]
    body: tuple[t.Stmt, ...]

    def bound(self) -> frozenset[str]:
        """The names whose values differ from round to round by what the loop goes through, and by nothing else.

        A name that the body makes of another row, or of its own value before, is left out.
        """
        known = set(self.targets)
        for node in statements_of(self.body):
            match node:
                case t.Assign(targets=targets, value=value) if known & _names(value):
                    names = {name for target in targets for name in target_names(target)}
                    if not names & _names(value):
                        known |= names
                case t.For(target=target, iterable=iterable) if known & _names(iterable):
                    known |= set(target_names(target))
                case t.AugAssign(target=t.Name(id=name)):
                    known.discard(name)
                case _:
                    pass
        return frozenset(known)


class LoopSite(msgspec.Struct, frozen=True):
    """A call in loops, outermost first; `guarded` where a `try` or a `with` is around it in there.

    `fetched` where it stands as what an inner loop goes through.
    """

    call: t.Call
    loops: tuple[Around, ...]
    guarded: bool
    fetched: bool = False


def loop_sites(body: Sequence[t.Stmt], text: str) -> Iterator[LoopSite]:
    """Every call of a function's body that stands in a loop; `text` is that of the module."""
    return _Sites(text).block(body, (), guarded=False)


class _Sites:
    def __init__(self, text: str) -> None:
        self._text = text

    def block(self, body: Iterable[t.Stmt], loops: tuple[Around, ...], *, guarded: bool) -> Iterator[LoopSite]:
        for statement in body:
            match statement:
                case t.For(target=target, iterable=iterable, body=inner, orelse=orelse):
                    for site in self._within([iterable], loops, guarded=guarded):
                        yield replace(site, fetched=True) if site.call is iterable else site
                    around = Around(iterable, frozenset(target_names(target)), inner)
                    yield from self.block(inner, (*loops, around), guarded=False)
                    yield from self.block(orelse, loops, guarded=guarded)
                case t.While(test=test, body=inner, orelse=orelse):
                    # Rounds within a round: how often, no one knows.
                    yield from self._within([test], loops, guarded=True)
                    yield from self.block((*inner, *orelse), loops, guarded=True)
                case t.If(test=test, body=inner, orelse=orelse):
                    yield from self._within([test], loops, guarded=guarded)
                    yield from self.block((*inner, *orelse), loops, guarded=guarded)
                case t.Try(body=inner, handlers=handlers, orelse=orelse, finalbody=finalbody):
                    yield from self.block(inner, loops, guarded=guarded or bool(handlers))
                    yield from self.block((*orelse, *finalbody), loops, guarded=guarded)
                    for handler in handlers:
                        yield from self.block(handler.body, loops, guarded=True)
                case t.With(items=items, body=inner):
                    yield from self._within([item.context for item in items], loops, guarded=guarded)
                    yield from self.block(inner, loops, guarded=True)
                case t.Match(subject=subject, cases=cases):
                    yield from self._within([subject], loops, guarded=guarded)
                    for case in cases:
                        yield from self.block(case.body, loops, guarded=guarded)
                case t.FunctionDef() | t.ClassDef():
                    pass
                case _:
                    yield from self._within([statement], loops, guarded=guarded)

    def _within(
        self, nodes: Sequence[t.Expr | t.Stmt], loops: tuple[Around, ...], *, guarded: bool
    ) -> Iterator[LoopSite]:
        if not loops and not any(self._text.find(" for ", node.start, node.end) >= 0 for node in nodes):
            return
        found = list(walk_for(_OF_INTEREST, nodes))
        inside = [node for node in found if isinstance(node, t.Comprehension)]
        for node in found:
            if isinstance(node, t.Call):
                around = (*loops, *_comprehended(node, inside))
                if around:
                    fetched = any(node is generator.iterable for one in inside for generator in one.generators)
                    yield LoopSite(node, around, guarded and len(around) == len(loops), fetched)


def _comprehended(call: t.Call, comprehensions: Sequence[t.Comprehension]) -> Iterator[Around]:
    """The loops of the comprehensions that a call stands in, in the order in which they run."""
    for one in comprehensions:
        if not one.start <= call.start < one.end:
            continue
        for generator in one.generators:
            if generator.iterable.start <= call.start and call.end <= generator.iterable.end:
                break  # what it goes through is asked for before it
            yield Around(generator.iterable, frozenset(target_names(generator.target)), ())


def _names(expr: t.Expr) -> set[str]:
    return {node.id for node in walk([expr]) if isinstance(node, t.Name)}
