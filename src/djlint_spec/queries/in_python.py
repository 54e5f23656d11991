"""Queries on a prefetched set, as Python over the rows that are there: what to write in the place of each."""

from __future__ import annotations

import re

from djlint_spec.inference.orm import METHODS
from djlint_spec.project import Project
from djlint_spec.project.fields import Field
from djlint_spec.project.models import Model
from djlint_spec.queries.passages import Passages
from djlint_spec.queries.rows import RowQuery

_ASKED = re.compile(
    r"(?P<before>(?:list|len|tuple|set|frozenset|sorted|sum|min|max|any|all)\()?(?P<set>[^\W\d][\w.]*)(?:\.all\(\))?"
    r"\.(?P<method>filter|exclude|order_by|values_list|iterator)\((?P<args>[^()]*)\)"
    r"(?P<end>\.(?:count|exists)\(\))?(?P<after>\))?"
)
_CONDITION = re.compile(r"(\w+)=([^\W\d][\w.]*|-?\d+|\"[^\"\\]*\"|'[^'\\]*')")
_ORDER = re.compile(r"[\"'](-?)(\w+)[\"']")
_FLAT = re.compile(r"[\"'](\w+)[\"'],flat=True")


def in_python(project: Project, query: RowQuery) -> str | None:
    """The expression over `.all()` that gives what the query gives; None for shapes that are not as plain as that."""
    text = "".join((project.source_of(query.span) or "").split())
    found = _ASKED.fullmatch(text)
    target = query.model
    if found is None or target is None or bool(found["before"]) != bool(found["after"]):
        return None
    relation = found["set"].rpartition(".")[2]
    name = _free_name(project, query, target)
    if relation != query.path[-1] or relation in METHODS or name is None:
        return None
    rows, end = f"{found['set']}.all()", found["end"] or ""
    match found["method"]:
        case "iterator":
            made = rows if not end else None
        case "filter" | "exclude" as method:
            condition = _condition(target, name, found["args"].rstrip(","), negated=method == "exclude")
            if condition is None:
                made = None
            elif end == ".count()":
                made = f"sum(1 for {name} in {rows} if {condition})"
            elif end == ".exists()":
                made = f"any({condition} for {name} in {rows})"
            else:
                made = f"[{name} for {name} in {rows} if {condition}]"
        case "order_by":
            made = _ordered(target, name, rows, found["args"]) if not end else None
        case _:
            flat = _FLAT.fullmatch(found["args"])
            known = flat is not None and not end and _is_column(target, flat[1])
            made = f"[{name}.{flat[1]} for {name} in {rows}]" if flat is not None and known else None
    if made is None or found["before"] is None:
        return made
    # A list of what is a list already says so twice.
    return made if found["before"] == "list(" and made.startswith(("[", "sorted(")) else f"{found['before']}{made})"


def _ordered(target: Model, name: str, rows: str, args: str) -> str | None:
    """The rows sorted by one column that always has a value."""
    order = _ORDER.fullmatch(args)
    column = target.fields.get(order[2]) if order is not None else None
    if order is None or column is None or not _is_plain(target, column) or column.flag("null"):
        return None
    return f"sorted({rows}, key=lambda {name}: {name}.{order[2]}{', reverse=True' if order[1] else ''})"


def _condition(target: Model, name: str, args: str, *, negated: bool) -> str | None:
    """Equalities of columns as a test of one row; a negated one only for a single equality."""
    made: list[str] = []
    for argument in args.split(","):
        told = _CONDITION.fullmatch(argument)
        if told is None or not _is_column(target, told[1]):
            return None
        held, value = f"{name}.{told[1]}", told[2]
        match value:
            case "None":
                made.append(f"{held} is {'not ' if negated else ''}None")
            case "True":
                made.append(f"{'not ' if negated else ''}{held}")
            case "False":
                made.append(f"{held} is {'not ' if negated else ''}False")
            case _:
                made.append(f"{held} {'!=' if negated else '=='} {value}")
    return " and ".join(made) if made and not (negated and len(made) > 1) else None


def _is_column(target: Model, name: str) -> bool:
    field = target.fields.get(name)
    return name == "pk" or name in target.attnames or (field is not None and _is_plain(target, field))


def _is_plain(target: Model, field: Field) -> bool:
    return field.name not in target.relations


def _free_name(project: Project, query: RowQuery, target: Model) -> str | None:
    """A name for one row that the function does not use."""
    function = project.once(Passages).function_at(query.span)
    if function is None:
        return None
    text = function.module.body_text(function.node)
    own = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", target.name).lower()
    return next((name for name in (own, "row", "each") if re.search(rf"(?<!\.)\b{name}\b", text) is None), None)
