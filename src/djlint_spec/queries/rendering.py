"""What a Django template reads of the values it is given, node by node, as `django.template` renders it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from djlint_spec.diagnostics import Span
from djlint_spec.facts import template as f
from djlint_spec.inference import attributes, calls
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.orm import CHANGES
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    Builtin,
    Items,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    OrmCall,
    QuerySet,
    Row,
    Value,
    either,
    options,
    rows_in,
)
from djlint_spec.project import Unknown
from djlint_spec.project.templates import Template
from djlint_spec.queries.template_filters import filtered

NOT_GIVEN = "not in the context"
_MOST_INSIDE = 2
"""How often a template is followed within itself: how deep it goes is in the rows."""

Context = dict[str, Value]
_Bodies = Mapping[str, Sequence[tuple[Template, Sequence[f.Node]]]]


@dataclass(slots=True)
class Rendering:
    """One rendering. `listed` is told of each queryset that a loop goes through which stands in no loop over rows.

    `given` tells what the view adds to the context, name by name, and `lacks` which it certainly does not. Outside of
    loops over rows nothing is read that would be read for each row, so that only what loops go through is worked out
    there.
    """

    ev: Evaluator
    listed: Callable[[QuerySet, Span], None]
    given: Callable[[str], Value]
    lacks: Callable[[str], bool]
    doubts: list[Unknown] = field(default_factory=list)
    page: dict[int, Value] = field(default_factory=dict)
    """The querysets that the context holds outside of loops, by identity: each runs once for the page."""
    _active: list[Template] = field(default_factory=list)
    loops: int = 0
    fetched: dict[int, Value] = field(default_factory=dict)

    def template(self, template: Template, context: Context) -> None:
        """Render a template, with what it extends."""
        if template.facts.broken:
            self._doubt("template that Django cannot compile", f"{template.path}: {template.facts.broken}")
            return
        if self._active.count(template) >= _MOST_INSIDE:
            self._doubt("template that includes itself", template.path)
            return
        lineage = self._lineage(template, context)
        if lineage is None:
            return
        bodies: dict[str, list[tuple[Template, Sequence[f.Node]]]] = {}
        for one in lineage:
            for block in _blocks_of(one):
                bodies.setdefault(block.name, []).append((one, block.body))
        self._active.append(template)
        try:
            TemplateScope(self, lineage[-1], bodies).nodes(lineage[-1].facts.nodes, context)
        finally:
            self._active.pop()

    def _lineage(self, template: Template, context: Context) -> list[Template] | None:
        """A template and those that it extends, the outermost last; None where one of them is not found."""
        found = [template]
        while True:
            extends = next((node for node in found[-1].facts.nodes if isinstance(node, f.Extends)), None)
            if extends is None:
                return found
            parent = self.named(found[-1], extends.template, context)
            if not parent:
                return None
            if parent[0] in found or parent[0].facts.broken:
                self._doubt("template that extends itself, or a broken one", parent[0].path)
                return None
            found.append(parent[0])

    def named(self, template: Template, expression: f.Expression, context: Context) -> list[Template]:
        """The templates that an expression may name; none, with a doubt, where that is not known."""
        names: list[str] = []
        if isinstance(expression.value, f.Constant) and not expression.filters:
            names = [expression.value.text]
        elif isinstance(expression.value, f.Variable) and len(expression.value.names) == 1:
            held = options(context.get(expression.value.names[0], Unknown(NOT_GIVEN)))
            names = [one.value for one in held if isinstance(one, Literal) and isinstance(one.value, str)]
        if not names:
            self._doubt("template named at run time", template.path)
        found: list[Template] = []
        for name in names:
            if name.startswith(("./", "../")):
                name = posixpath.normpath(posixpath.join(posixpath.dirname(template.name), name))
            one = self.ev.project.templates.find(name)
            if isinstance(one, Unknown):
                self._doubt(one.cause, one.detail)
            else:
                found.append(one)
        return found

    def _doubt(self, cause: str, detail: str) -> None:
        self.doubts.append(Unknown(cause, detail))

    def keep(self, value: Value) -> Value:
        """A value that the context holds; one that it holds for the whole page, outside of loops over rows."""
        if not self.loops:
            self.page.update((id(option), option) for option in options(value) if isinstance(option, QuerySet))
        return value

    def fetch(self, value: Value, method: str, span: Span, *, kept: bool) -> None:
        """Run the querysets among some values; one that the context keeps runs once, and then knows its rows."""
        for option in options(value):
            if isinstance(option, QuerySet):
                if kept and (id(option) in self.fetched or (self.loops and id(option) in self.page)):
                    continue
                self.ev.evaluated(option, method, span)
                if kept:
                    self.fetched[id(option)] = option

    def each(self, value: Value, span: Span, *, kept: bool) -> Value:
        """One element of what a loop goes through."""
        self.fetch(value, "iterate", span, kept=kept)
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, QuerySet):
                if not self.loops and option.stands_alone and option.loading.rows and not option.loading.empty:
                    self.listed(option, span)
                found.append(self.ev.element(option))
            elif isinstance(option, Mapped) and ("object_list" in dict(option.entries)):
                found.append(self.each(dict(option.entries)["object_list"], span, kept=True))
            else:
                found.append(self.ev.iterate(option, span))
        return either(found)


def _blocks_of(template: Template) -> Sequence[f.Block]:
    return template.once("blocks", lambda: tuple(_blocks(template.facts.nodes)))


def _blocks(nodes: Sequence[f.Node]) -> Iterator[f.Block]:
    for node in nodes:
        if isinstance(node, f.Block):
            yield node
        for body in _bodies_of(node):
            yield from _blocks(body)


def _bodies_of(node: f.Node) -> Iterator[Sequence[f.Node]]:
    match node:
        case f.For(body=body, empty=empty):
            yield from (body, empty)
        case f.If(branches=branches):
            yield from (branch.body for branch in branches)
        case f.With(body=body) | f.Block(body=body) | f.Custom(body=body):
            yield body
        case _:
            pass


def _acts(node: f.Node) -> bool:
    """Whether a node does anything outside of loops over rows, where what is only shown or tested tells nothing."""
    match node:
        case f.Output(shown):
            return shown.value == f.Variable(("block", "super"))
        case f.If(branches):
            return any(_acts(inner) for branch in branches for inner in branch.body)
        case f.Custom(_, body, sets):
            return bool(sets) or any(map(_acts, body))
        case f.Asked() | f.Extends():
            return False
        case _:
            return True


@dataclass(slots=True)
class TemplateScope:
    """The nodes of one template, or of one block of it, under way; `bodies` are the blocks, innermost child first."""

    rendering: Rendering
    template: Template
    bodies: _Bodies
    above: tuple[str, int] | None = None
    """The block under way, and which of its bodies `block.super` shows."""

    @property
    def ev(self) -> Evaluator:
        """The evaluator."""
        return self.rendering.ev

    def nodes(self, nodes: Sequence[f.Node], context: Context) -> None:
        """Render nodes in order; names that they set stay for those that follow."""
        for node in self._that_act(nodes):
            self._node(node, context)

    def _that_act(self, nodes: Sequence[f.Node]) -> Sequence[f.Node]:
        """Those that do anything: what is only shown or tested is read in loops over rows alone."""
        if self.rendering.loops:
            return nodes
        return self.template.once(id(nodes), lambda: tuple(filter(_acts, nodes)))

    def _node(self, node: f.Node, context: Context) -> None:
        match node:
            case f.Output(shown):
                if shown.value == f.Variable(("block", "super")):
                    self._super(context)
                elif self.rendering.loops:
                    self.ev.text(self.value(shown, context), self._span(shown))
            case f.Asked(_, expressions):
                for expression in expressions if self.rendering.loops else ():
                    self.value(expression, context)
            case f.For():
                self._for(node, context)
            case f.If(branches):
                self._if(branches, context)
            case f.With(bindings, body):
                self.nodes(body, {**context, **self._bound(bindings, context)})
            case f.Regroup():
                self._regroup(node, context)
            case f.Include(named, bindings, only):
                bound = self._bound(bindings, context)
                for template in self.rendering.named(self.template, named, context):
                    self.rendering.template(template, bound if only else {**context, **bound})
            case f.Block(name, _):
                self._body(name, 0, context)
            case f.Custom(_, body, sets):
                self.nodes(body, context)
                context.update((name, Unknown("set by a tag", name)) for name in sets)
            case f.Extends():
                pass

    def _if(self, branches: Sequence[f.Branch], context: Context) -> None:
        """Each branch that may be shown; what only a test of the page's own decides may not be there."""
        for branch in branches:
            decided = self._decided(branch, context)
            if decided is False:
                continue
            for test in branch.tests if self.rendering.loops else ():
                self.rendering.fetch(self.value(test, context), "bool", self._span(test), kept=self._is_kept(test))
            of_page = bool(branch.tests) and not any(self._is_of_row(test, context) for test in branch.tests)
            if of_page and decided is None and self._that_act(branch.body):
                with self.ev.journal.entering(self._span(branch.tests[0]), optional=True):
                    self.nodes(branch.body, context)
            else:
                self.nodes(branch.body, context)
            if decided:
                return

    def _decided(self, branch: f.Branch, context: Context) -> bool | None:
        """Whether a test holds that is a name of a constant; None where both may be."""
        if not branch.plain or branch.tests[0].filters or not self._is_kept(branch.tests[0]):
            return None
        tested = branch.tests[0].value
        value = self._plain(tested, context, self._span(branch.tests[0]))
        if isinstance(value, Unknown) and value.cause == NOT_GIVEN and self.rendering.lacks(value.detail):
            return False
        return bool(value.value) if isinstance(value, Literal) else None

    def _is_of_row(self, test: f.Expression, context: Context) -> bool:
        """Whether a test asks a row, or something that a row has led to."""
        if not isinstance(test.value, f.Variable):
            return False
        held = context.get(test.value.names[0], SCALAR)
        return any(
            (isinstance(option, Row) and option.rows is not None) or isinstance(option, QuerySet) or option == SCALAR
            for option in options(held)
        )

    def _bound(self, bindings: Sequence[tuple[str, f.Expression]], context: Context) -> Context:
        return {name: self.rendering.keep(self.value(expression, context)) for name, expression in bindings}

    def _body(self, name: str, which: int, context: Context) -> None:
        held = self.bodies.get(name, ())
        if which < len(held):
            template, body = held[which]
            TemplateScope(self.rendering, template, self.bodies, (name, which + 1)).nodes(body, dict(context))

    def _super(self, context: Context) -> None:
        if self.above is not None:
            self._body(*self.above, context)

    def _for(self, node: f.For, context: Context) -> None:
        span = self._span(node.sequence)
        sequence = self.value(node.sequence, context)
        element = self.rendering.each(sequence, span, kept=self._is_kept(node.sequence))
        inner = {**context, "forloop": SCALAR}
        if len(node.names) == 1:
            inner[node.names[0]] = element
        else:
            for place, name in enumerate(node.names):
                inner[name] = either(
                    one.elements[place]
                    if isinstance(one, Items) and place < len(one.elements)
                    else Unknown("part of an element")
                    for one in options(element)
                )
        over_rows = bool(rows_in(element)[0])
        self.rendering.loops += over_rows
        try:
            with self.ev.journal.for_each(element, span):
                self.nodes(node.body, inner)
        finally:
            self.rendering.loops -= over_rows
        self.nodes(node.empty, dict(context))

    def _regroup(self, node: f.Regroup, context: Context) -> None:
        span = self._span(node.sequence)
        element = self.rendering.each(self.value(node.sequence, context), span, kept=self._is_kept(node.sequence))
        with self.ev.journal.for_each(element, span):
            grouper = element
            for name in node.by:
                grouper = self.lookup(grouper, name, span)
        context[node.name] = Many(Mapped((("grouper", grouper), ("list", Many(element)))))

    # ------------------------------------------------------------------------------------------ expressions
    def _span(self, expression: f.Expression) -> Span:
        return self.template.span(expression.start, expression.end)

    @staticmethod
    def _is_kept(expression: f.Expression) -> bool:
        """Whether a value is one that the context holds, so that a queryset remembers its rows."""
        return isinstance(expression.value, f.Variable) and len(expression.value.names) == 1

    def value(self, expression: f.Expression, context: Context) -> Value:
        """What an expression comes to; what it reads on the way is recorded."""
        span = self._span(expression)
        value = self._plain(expression.value, context, span)
        for one in expression.filters:
            argument = self._plain(one.argument, context, span) if one.argument is not None else NONE
            value = filtered(self, value, one, argument, span, kept=self._is_kept(expression))
        return value

    def _plain(self, value: f.Variable | f.Constant, context: Context, span: Span) -> Value:
        if isinstance(value, f.Constant):
            return Literal(value.text)
        first, *rest = value.names
        if first not in context:
            context[first] = SCALAR if first in ("True", "False", "None") else self._given(first)
        found = context[first]
        for name in rest:
            found = self.lookup(found, name, span)
        return found

    def _given(self, name: str) -> Value:
        value = self.rendering.given(name)
        self.rendering.page.update((id(option), option) for option in options(value) if isinstance(option, QuerySet))
        return value

    def lookup(self, value: Value, name: str, span: Span) -> Value:
        """`value.name` in a template: a key, an attribute, an element; called without arguments where it can be."""
        return either(self._lookup(option, name, span) for option in options(value))

    def _lookup(self, value: Value, name: str, span: Span) -> Value:
        match value:
            case Mapped(entries=entries, open=is_open):
                held = dict(entries)
                if name in held:
                    return self._called(held[name], span)
                if is_open or name not in ("items", "keys", "values"):
                    return Unknown("key not in the mapping", name)
                return calls.invoke(self.ev, Builtin(value, name), [], {}, span)
            case Items(elements=elements) if name.isdecimal():
                return elements[int(name)] if int(name) < len(elements) else SCALAR
            case Many(element=element) if name.isdecimal():
                return element
            case QuerySet() if name.isdecimal():
                self.ev.evaluated(value, "index", span)
                return self.ev.element(value)
            case _:
                found = attributes.attribute(self.ev, value, name, span)
                return either(self._called(option, span) for option in options(found))

    def _called(self, value: Value, span: Span) -> Value:
        """A value, or what calling it gives; managers and what alters rows are not called."""
        match value:
            case ManagerOf():
                return value
            case OrmCall(name=name):
                return SCALAR if name in CHANGES else calls.invoke(self.ev, value, [], {}, span)
            case Method(function=function, receiver=receiver):
                given = function.params[1:] if receiver is not None else function.params
                needs = [p for p in given if p.default is None and p.kind in ("normal", "positional", "keyword")]
                return SCALAR if needs else calls.invoke(self.ev, value, [], {}, span)
            case _:
                return value
