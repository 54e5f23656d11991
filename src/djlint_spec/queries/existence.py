"""Querysets that are fetched or counted whole where one row, a number or a yes is all that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.loading import Loading
from djlint_spec.inference.orm import METHODS
from djlint_spec.inference.values import ManagerOf, QuerySet, RelatedSet, Value, options
from djlint_spec.project import Function, Module, Project
from djlint_spec.project.models import Model
from djlint_spec.queries.coverage import Coverage
from djlint_spec.queries.expression_values import ExpressionValues
from djlint_spec.queries.mentions import mentions_in, names_queries
from djlint_spec.queries.names import Names, names_of
from djlint_spec.queries.set_tests import ANSWERS, Shape, Waste, shapes_in
from djlint_spec.queries.suspects import Suspects


def _alone_or(prefix: str, word: str) -> str:
    """The pattern of a word that stands by itself, or with a prefix.

    A search for letters goes to the next place of them at once: what has to stand before is looked at after them.
    """
    return rf"{word}(?:(?<=\b{word})|(?<=\b{prefix}{word}))"


_ASKED = ("count()", "first()")
_COMPARED = (
    re.compile(rf"{_alone_or('a', 'count')}\(\)\s*[<>=!]"),
    re.compile(r"[01](?<=\b[01])\s*(?:[<>]=?|[=!]=)\s*\w"),
    re.compile(rf"{_alone_or('a', 'first')}\(\)\s*(?:is\b|[=!]=)"),
)
"""A count or a first row that is compared."""
_TESTED = (
    *(
        re.compile(rf"{word}\s+(?:not\s+|await\s+|\()*(?:(?:len|bool|list)\()?([^\W\d][\w.]*)")
        for word in (
            _alone_or("el", "if"),
            *(rf"{word}(?<=\b{word})" for word in ("while", "and", "or", "assert", "not")),
        )
    ),
    *(re.compile(rf"{word}\((?<=\b{word}\()([^\W\d][\w.]*)") for word in ("len", "bool", "list")),
)
"""A name or the start of a call where its truth, its length or its first element may be asked for."""
_CALL = re.compile(r"\(?\s*(?:await\s+)?([^\W\d][\w.]*)\(")
_RETURNED = re.compile(r"return(?<=\breturn)\s+\(?\s*([^\W\d][\w.]*)")
_SETS = METHODS - ANSWERS
_OF_MANAGERS = (Waste.COUNTED_TO_TEST, Waste.FIRST_TO_TEST)
"""What a manager is asked as a queryset is."""
_LAZY = frozenset(
    ["filter", "exclude", "all", "order_by", "annotate", "alias", "values", "values_list", "none", "distinct", "update",
     "delete", "aggregate", "select_related", "prefetch_related", "only", "defer", "union", "reverse", "using",
     "aupdate", "adelete", "aaggregate"]
)  # fmt: skip
"""Methods that make another queryset or a query of its own: the rows that a queryset holds are no use to them."""
_OWN = ("__len__", "__bool__", "__iter__", "__getitem__", "count", "exists", "first")


class WastefulTest(msgspec.Struct, frozen=True):
    """A shape whose target is a queryset of a model, or its manager; `alone` where nothing else has it."""

    shape: Shape
    function: Function
    model: Model
    alone: bool

    @property
    def module(self) -> Module:
        """Where it stands."""
        return self.function.module

    @property
    def span(self) -> Span:
        """The whole expression."""
        return self.module.span(self.shape.expr)

    @property
    def method(self) -> str:
        """The method that asks for no more than is used; empty where a subscript does."""
        match self.shape.waste:
            case Waste.FETCHED_TO_COUNT:
                return "count"
            case Waste.CAUGHT_FOR_ONE:
                return "first"
            case Waste.LISTED_FOR_ONE:
                return ""
            case _:
                return "aexists" if self.shape.awaited else "exists"

    @property
    def instead(self) -> str:
        """The expression to write."""
        shape, text = self.shape, self.module.text(self.shape.target)
        if not self.method:
            return f"{text}[0]"
        if isinstance(shape.target, t.Call) and isinstance(shape.target.func, t.Attribute):
            inner = shape.target.func
            if inner.attr == "all" and not shape.target.args and not isinstance(inner.value, t.Call):
                text = self.module.text(inner.value)  # the manager answers as well as its `.all()`
        if isinstance(shape.target, t.BinOp | t.Await | t.IfExp | t.BoolOp):
            text = f"({text})"
        asked = f"{'await ' if shape.awaited else ''}{text}.{self.method}()"
        return asked if shape.positive else f"not {asked}"


def wasteful_tests(project: Project) -> tuple[WastefulTest, ...]:
    """Every such use outside tests and migrations, in order of place."""
    found = (one for module in project.modules for one in wasteful_in(project, module))
    return tuple(sorted(found, key=lambda one: one.span))


def wasteful_in(project: Project, module: Module) -> Iterator[WastefulTest]:
    """Those of one module."""
    if not (module.is_test or module.is_migration) and mentions_in(module):
        asks = module.holds(*_ASKED)
        for function in project.functions_in(module):
            if names_queries(function) or (asks and function.mentions(*_ASKED)):
                yield from _in_function(project, function)


def _in_function(project: Project, function: Function) -> Iterator[WastefulTest]:
    text, module = function.module.body_text(function.node), function.module
    makers = project.once(_Makers).names
    if not _may_waste(text, makers):
        return
    given = _given_querysets(text, makers)
    found = [shape for shape in shapes_in(function.body) if _may_be_queryset(shape, given, makers)]
    if not found:
        return
    names = names_of(function) if any(isinstance(shape.target, t.Name) for shape in found) else Names()
    shapes = [shape for shape in found if _is_open(shape, names)]
    if not shapes:
        return
    values = project.once(ExpressionValues).of(function, [shape.target for shape in shapes])
    for shape in shapes:
        value = values.get(shape.target)
        model = _model_of(project, value, shape) if value is not None else None
        if model is None or (not isinstance(value, ManagerOf) and _is_kept(shape, module, text)):
            continue
        yield WastefulTest(shape, function, model, _is_alone(shape, names))


def _may_waste(text: str, makers: frozenset[str]) -> bool:
    """Whether the text of a function has one of the uses, of what may be a queryset: a cheap look before a dear one."""
    if any(word in text for word in _ASKED) and any(pattern.search(text) is not None for pattern in _COMPARED):
        return True
    names: set[str] = set()
    for pattern in _TESTED:
        for found in pattern.finditer(text):
            tested, end = found[1], found.end()
            if text.startswith("(", end):
                method = _last_method(text, end, tested.rpartition(".")[2])
                if method in _SETS or method in _ASKING or method in makers:
                    return True
            elif "." not in tested:
                names.add(tested)
    if names and not names.isdisjoint(_given_querysets(text, makers)):
        return True
    return "IndexError" in text and "[0]" in text


class _Makers:
    """The names of the project's functions that return what is written as a queryset."""

    def __init__(self, project: Project) -> None:
        suspects = project.once(Suspects).makers

        def names_in(module: Module) -> frozenset[str]:
            # The suspects are the same for as long as the module is: see `engine.bodies`.
            return module.once("returns querysets", lambda: frozenset(_returning(project, module, suspects)))

        self.names = frozenset().union(*(names_in(module) for module in project.modules if not module.is_test))


def _returning(project: Project, module: Module, suspects: frozenset[str]) -> Iterator[str]:
    for function in project.functions_in(module):
        if function.name in suspects and returns_queryset(module.text(function.node)):
            yield function.name


def returns_queryset(text: str) -> bool:
    """Whether a function's text returns what is written as a queryset.

    All functions are asked; `engine.bodies` compares the answers of one that has changed.
    """
    names: set[str] = set()
    for found in _RETURNED.finditer(text):
        if text.startswith("(", found.end()):
            if _last_method(text, found.end(), found[1].rpartition(".")[2]) in _SETS - _ASKING:
                return True
        else:
            names.add(found[1])
    return bool(names) and not names.isdisjoint(_given_querysets(text, frozenset()))


def _given_querysets(text: str, makers: frozenset[str]) -> frozenset[str]:
    """The names to which a text gives the result of a call that may make a queryset."""
    found: set[str] = set()
    at = text.find(" = ")
    while at >= 0:
        called = _CALL.match(text, at + 3)
        if called is not None:
            method = _last_method(text, called.end() - 1, called[1].rpartition(".")[2])
            if method in _SETS or method in makers:
                left = text[text.rfind("\n", 0, at) + 1 : at]
                found.update((left.rpartition(" ")[2], left.partition(":")[0].strip()))
        at = text.find(" = ", at + 3)
    return frozenset(found)


_ASKING = frozenset({"count", "first", "acount", "afirst"})
_GOES_ON = re.compile(r"\s*\.\s*(\w+)\(")


def _last_method(text: str, start: int, method: str) -> str:
    """The last method of a chain of calls whose first call opens at `start`."""
    while True:
        opened, end = 1, start + 1
        while opened:
            close = text.find(")", end)
            if close < 0:
                return method
            opened += text.count("(", end, close) - 1
            end = close + 1
        further = _GOES_ON.match(text, end)
        if further is None:
            return method
        method, start = further[1], further.end() - 1


# ------------------------------------------------------------------------------------------------- other uses
def _may_be_queryset(shape: Shape, given: frozenset[str], makers: frozenset[str]) -> bool:
    """Whether the target is written as a queryset may be."""
    match shape.target:
        case t.Call(func=t.Attribute(attr=method)):
            return shape.waste in _OF_MANAGERS or method in _SETS or method in makers
        case t.Name(id=name):
            return name in given
        case _:
            return shape.waste in _OF_MANAGERS


def _is_open(shape: Shape, names: Names) -> bool:
    """Whether a target that is a name is bound here to what a call makes, and its rows are of no use elsewhere.

    What else holds a queryset may be read by others.
    """
    if not isinstance(shape.target, t.Name):
        return True
    made = names.made(shape.target.id)
    return bool(made) and all(map(_is_made, made)) and names.used(shape.target.id, beside=shape.target.start) <= _LAZY


def _is_made(value: t.Expr) -> bool:
    match value:
        case t.Call(func=t.Attribute()):
            return True
        case t.Subscript(value=inner, index=t.SliceExpr()):
            return _is_made(inner)
        case t.IfExp(body=body, orelse=orelse):
            return _is_made(body) and _is_made(orelse)
        case _:
            return False


def _is_alone(shape: Shape, names: Names) -> bool:
    return not isinstance(shape.target, t.Name) or not names.used(shape.target.id, beside=shape.target.start)


def _is_kept(shape: Shape, module: Module, text: str) -> bool:
    """Whether the target is an attribute that holds a queryset, and that the function names elsewhere too."""
    return isinstance(shape.target, t.Attribute) and text.count(module.text(shape.target)) > 1


# ------------------------------------------------------------------------------------------------------ values
def _model_of(project: Project, value: Value, shape: Shape) -> Model | None:
    """The model of a value that is a queryset, or a manager where that will do; None for what may be anything else."""
    models: dict[Model, None] = {}
    asked = shape.waste in _OF_MANAGERS
    for option in options(value):
        match option:
            case QuerySet(model=model, loading=loading, classes=classes, related=related):
                if loading.raw or loading.combined or loading.locked or loading.empty:
                    return None
                found = [cls.find(name) for cls in classes for name in _OWN]
                if any(member is not None and member.owner.is_ours for member in found):
                    return None
            case ManagerOf(model=model, related=related) if asked:
                own = [option.manager.method(name) for name in _OWN]
                if any(pair is not None and pair[1].owner.is_ours for pair in own):
                    return None
            case _:
                return None
        if related is not None and _may_be_loaded(project, related, certain=not asked):
            return None
        models[model] = None
    return next(iter(models)) if len(models) == 1 else None


def _may_be_loaded(project: Project, related: RelatedSet, *, certain: bool) -> bool:
    """Whether a related set may be at hand already; where that is unknown, only if it has to be `certain` that not."""
    if related.narrowed is not None:
        return False
    row, name = related.row, related.relation.name
    coverage = project.once(Coverage)
    if row.rows is not None:
        return coverage.way(row.rows.model, row.rows.loading, (*row.path, name)).loaded[-1:] != (False,)
    if row.loading is None:
        return certain
    return _loads(coverage, row.model, row.loading, name)


def _loads(coverage: Coverage, model: Model, loading: Loading, name: str) -> bool:
    way = coverage.way(model, loading, (name,))
    return bool(way.doubts) or way.loaded[-1:] != (False,)
