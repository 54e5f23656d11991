"""Rows that a loop gets, makes, saves or deletes one by one, where one query does it for all of them."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project import Class, Function, Module, Project
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.receivers import Receivers
from djlint_spec.queries.chains import chain_of
from djlint_spec.queries.expression_values import ExpressionValues, model_of
from djlint_spec.queries.loop_bodies import (
    attributes_set,
    is_alike,
    is_asked_of,
    is_kept,
    is_new,
    is_under_test,
    is_wanted,
    name_given,
    names_in,
    values_given,
    words_in,
)
from djlint_spec.queries.loop_changes import LoopChanges
from djlint_spec.queries.passages import left_after, lies_in
from djlint_spec.queries.rounds import Rounds
from djlint_spec.queries.sites import Around, LoopSite, loop_sites

_CHEAP = tuple(map(re.compile, (r"\.a?(?:save|delete)\(", r"objects\b\s*\.", r"_manager\b\s*\.")))
_NARROW = frozenset(["all", "filter", "select_related", "prefetch_related", "only", "defer", "using"])
_ONE = frozenset({"get", "aget", "first", "afirst", "exists", "aexists"})
_LOOKUP = re.compile(
    r"__(?:i?contains|i?startswith|i?endswith|iexact|gte?|lte?|in|range|isnull|i?regex|search|date|year|month|day|"
    r"week\w*|quarter|time|hour|minute|second|overlap\w*|contained_by|has_\w+|trigram\w*|unaccent|len|distance\w*)$"
)


class Doing(enum.Enum):
    """What is done to one row at a time."""

    GET = "get"
    CREATE = "create"
    SAVE = "save"
    DELETE = "delete"
    UPDATE = "update"


class LoopQuery(msgspec.Struct, frozen=True):
    """A query that a loop makes for one row after the other.

    `lookup` is the condition that picks the row; `fields` are the columns that the loop sets before it saves, and
    `alike` tells that each row gets the same values.
    """

    doing: Doing
    model: Model
    function: Function
    call: t.Call
    loop: Around
    lookup: str = ""
    value: t.Expr | None = None
    fields: tuple[str, ...] = ()
    alike: bool = False

    @property
    def module(self) -> Module:
        """Where it stands."""
        return self.function.module

    @property
    def span(self) -> Span:
        """The call."""
        return self.module.span(self.call)


def loop_queries(project: Project) -> tuple[LoopQuery, ...]:
    """Every such query outside tests and migrations, in order of place."""
    found: dict[Span, LoopQuery] = {}
    for module in project.modules:
        for one in loop_queries_in(project, module):
            found.setdefault(one.span, one)
    return tuple(found[span] for span in sorted(found))


def loop_queries_in(project: Project, module: Module) -> Iterator[LoopQuery]:
    """Those of one module."""
    if module.is_test or module.is_migration or not module.holds("for "):
        return
    for function in project.functions_in(module):
        text = module.body_text(function.node)
        if "for " in text and any(pattern.search(text) is not None for pattern in _CHEAP):
            yield from _Judge(project, function).found()


class _Judge:
    """Judges the loops of one function."""

    def __init__(self, project: Project, function: Function) -> None:
        self._project = project
        self._function = function
        self._module = function.module
        self._rounds = Rounds(project, function)
        self._changes = LoopChanges(project, function)
        self._bound: dict[int, frozenset[str]] = {}

    def found(self) -> Iterator[LoopQuery]:
        """The queries, as far as nothing speaks for one row at a time."""
        rows: list[tuple[LoopSite, t.Name]] = []
        for site in loop_sites(self._function.body, self._module.facts.text):
            match site.call.func:
                case t.Attribute(value=t.Name() as receiver, attr="save" | "delete" | "asave" | "adelete"):
                    if not site.guarded:
                        rows.append((site, receiver))
                case t.Attribute(attr=method):
                    if (method in _ONE or site.fetched) and not site.guarded:
                        yield from self._got(site)
                    elif method in ("create", "acreate") and not site.guarded:
                        yield from self._created(site)
                    elif method in ("update", "aupdate") and not site.guarded:
                        yield from self._updated(site)
                case _:
                    pass
        if rows:
            yield from self._of_rows(rows)

    # ------------------------------------------------------------------------------------------------ managers
    def _got(self, site: LoopSite) -> Iterator[LoopQuery]:
        call = site.call
        assert isinstance(call.func, t.Attribute)
        if not site.fetched and call.func.attr not in _ONE:
            return
        found = self._conditions(call)
        picked = self._picked(site, found) if found is not None else None
        if found is None or picked is None:
            return
        model, _ = found
        loop, keyword = picked
        if self._changes.touch(model, call, loop) or self._is_over_after(site, loop):
            return  # a row that was made a round before is to be found, too, and one that was deleted is not
        if is_kept(call, loop):
            return
        yield LoopQuery(Doing.GET, model, self._function, call, loop, keyword.name or "", keyword.value)

    def _updated(self, site: LoopSite) -> Iterator[LoopQuery]:
        call = site.call
        assert isinstance(call.func, t.Attribute)
        if not isinstance(call.func.value, t.Call):
            return
        found = self._conditions(call.func.value)
        picked = self._picked(site, found) if found is not None else None
        if found is None or picked is None or self._is_over_after(site, picked[0]):
            return
        loop, keyword = picked
        bound = self._names_of(loop)
        alike = is_alike((given.value for given in call.keywords), bound) and not is_under_test(call, loop)
        fields = tuple(given.name for given in call.keywords if given.name is not None)
        name = keyword.name or ""
        field = found[0].fields.get(name)
        one = name in ("pk", "id") or (field is not None and (field.flag("unique") or field.is_key))
        if not fields or not (alike or one) or any("F" in words_in(given.value) for given in call.keywords):
            return  # several rows at once, each set of them in its own way; or one row changed several times
        yield LoopQuery(
            Doing.UPDATE, found[0], self._function, call, loop, keyword.name or "", keyword.value, fields, alike
        )

    def _created(self, site: LoopSite) -> Iterator[LoopQuery]:
        call, loop = site.call, site.loops[-1]
        assert isinstance(call.func, t.Attribute)
        chain = chain_of(self._project, call.func.value, self._function.scope)
        if chain is None or self._rounds.are_few_with(call, loop) or self._is_over_after(site, loop):
            return
        manager = self._manager(call.func.value, chain.model)
        if manager or not self._takes_bulk(chain.model, "save"):
            return
        name = name_given(call, loop)
        if name is None or (name and is_wanted(name, call, loop)) or self._asks_for(chain.model, loop):
            return
        yield LoopQuery(Doing.CREATE, chain.model, self._function, call, loop)

    def _manager(self, receiver: t.Expr, model: Model) -> bool:
        """Whether the manager makes rows in a way of its own."""
        name = receiver.attr if isinstance(receiver, t.Attribute) else ""
        manager = model.managers.get(name, model.default_manager)
        own = [manager.method(method) for method in ("create", "bulk_create")]
        return any(found is not None and found[1].owner.module.origin is not Origin.LIBRARY for found in own)

    def _conditions(self, call: t.Call) -> tuple[Model, list[t.Keyword]] | None:
        """The model that a chain asks for and its conditions; None for a chain of other calls."""
        conditions: list[t.Keyword] = []
        step: t.Expr = call
        while isinstance(step, t.Call) and isinstance(step.func, t.Attribute):
            method = step.func.attr
            if step is call and method in _ONE:
                pass
            elif method not in _NARROW:
                return None
            if method in ("get", "aget", "filter"):
                if step.args:
                    return None
                conditions.extend(step.keywords)
            step = step.func.value
        if not conditions or not isinstance(call.func, t.Attribute):
            return None
        chain = chain_of(self._project, call.func.value, self._function.scope)
        return (chain.model, conditions) if chain is not None else None

    def _picked(self, site: LoopSite, found: tuple[Model, list[t.Keyword]]) -> tuple[Around, t.Keyword] | None:
        """The innermost loop whose rounds differ in one condition, an equality, and that condition."""
        for loop in reversed(site.loops):
            bound = self._names_of(loop)
            told = [keyword for keyword in found[1] if bound & names_in(keyword.value)]
            if not told:
                continue
            keyword = told[0]
            if (
                len(told) > 1
                or keyword.name is None
                or _LOOKUP.search(keyword.name)
                or self._rounds.are_few_with(site.call, loop)
            ):
                return None
            if any(isinstance(node, (t.Call, t.Await)) for node in walk([keyword.value])):
                return None  # computed, maybe of what the round has made
            given = name_given(site.call, loop)
            return None if given and given in names_in(keyword.value) else (loop, keyword)
        return None

    # ---------------------------------------------------------------------------------------------------- rows
    def _of_rows(self, rows: list[tuple[LoopSite, t.Name]]) -> Iterator[LoopQuery]:
        typed: list[tuple[t.Call, Around, t.Name]] = []
        for site, receiver in rows:
            call, loop = site.call, site.loops[-1]
            if self._rounds.are_few_with(call, loop) or is_wanted(receiver.id, call, loop):
                continue
            if receiver.id not in loop.targets:
                model = self._made_in(receiver.id, loop) if is_new(call) else None
                if model is not None and self._takes_bulk(model, "save") and not self._asks_for(model, loop):
                    yield LoopQuery(Doing.CREATE, model, self._function, call, loop)
            elif (not is_new(call) or any(attributes_set(loop.body, receiver.id))) and not self._is_over_after(
                site, loop
            ):
                typed.append((call, loop, receiver))
        if not typed:
            return
        values = self._project.once(ExpressionValues).of(self._function, [receiver for *_, receiver in typed])
        for call, loop, receiver in typed:
            found, of_set = model_of(values.get(receiver))
            if found is None:
                continue
            if is_new(call):
                if self._takes_bulk(found, "save"):
                    yield from self._saved(call, loop, receiver.id, found)
            elif of_set and self._takes_bulk(found, "delete") and not is_asked_of(receiver.id, call, loop):
                yield LoopQuery(Doing.DELETE, found, self._function, call, loop)

    def _saved(self, call: t.Call, loop: Around, name: str, model: Model) -> Iterator[LoopQuery]:
        given = dict(attributes_set(loop.body, name))
        key = model.primary_key.field
        if not given or any(field in ("pk", "id", key.name if key is not None else "pk") for field in given):
            return  # a copy, or what is changed is not seen
        if any(field not in model.fields and field not in model.attnames for field in given):
            return
        bound = self._names_of(loop)
        alike = is_alike(given.values(), bound) and not is_under_test(call, loop)
        yield LoopQuery(Doing.SAVE, model, self._function, call, loop, fields=tuple(given), alike=alike)

    def _made_in(self, name: str, loop: Around) -> Model | None:
        """The model of which a name is given nothing but new rows within a loop."""
        made: set[Model | None] = set()
        for value in values_given(loop.body, name):
            found = self._project.resolve(value.func, self._function.scope) if isinstance(value, t.Call) else None
            made.add(self._project.models.of(found) if isinstance(found, Class) else None)
        return made.pop() if len(made) == 1 else None

    # ------------------------------------------------------------------------------------------ what speaks against
    def _takes_bulk(self, model: Model, method: str) -> bool:
        """Whether nothing but the row itself happens when one is saved or deleted."""
        signals = ("pre_save", "post_save") if method == "save" else ("pre_delete", "post_delete")
        own = model.cls.find(method)
        if model.unresolved or (own is not None and own.owner.module.origin is not Origin.LIBRARY):
            return False
        if method == "save" and model.parents:
            return False
        return not self._project.once(Receivers).may_hear(model, *signals)

    def _is_over_after(self, site: LoopSite, loop: Around) -> bool:
        """Whether the loop is left once the call was made."""
        place = self._module.span(site.call)
        return any(lies_in(place, part) for part in left_after(self._function, self._module.span(loop.iterable)))

    def _asks_for(self, model: Model, loop: Around) -> bool:
        """Whether a loop looks for rows of a model, those that it made before among them."""
        asked = rf"\b{model.name}\.\w+\.(?!a?create\b|a?bulk_create\b)"
        return re.search(asked, self._text_of(loop)) is not None

    def _names_of(self, loop: Around) -> frozenset[str]:
        known = self._bound.get(loop.iterable.start)
        if known is None:
            known = self._bound[loop.iterable.start] = loop.bound()
        return known

    def _text_of(self, loop: Around) -> str:
        return self._module.facts.text[loop.body[0].start : loop.body[-1].end] if loop.body else ""
