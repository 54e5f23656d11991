"""A count or a test that runs for each row, as an annotation of the list: what to write, and the fix that writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from djlint_spec.diagnostics import AddImport, AnnotateQuery, Applicability, Fix, FixIntent
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.orm import base_queryset
from djlint_spec.inference.values import ManagerOf, QuerySet
from djlint_spec.project import Project, Unknown
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import Model
from djlint_spec.queries.per_row import QueryPerRow

COUNTS = frozenset({"count", "acount"})
TESTS = frozenset({"exists", "aexists"})
_OPPOSITE = {
    RelationKind.MANY_TO_MANY: RelationKind.REVERSE_MANY_TO_MANY,
    RelationKind.REVERSE_MANY_TO_MANY: RelationKind.MANY_TO_MANY,
}
_NARROWED = r"[\w.]+\.(?P<relation>\w+)(?P<narrow>(?:\.(?:filter|exclude)\([^()]*\))*)"
_COUNTED = re.compile(rf"{_NARROWED}\.(?P<end>count|exists)\(\)")
_AGGREGATED = re.compile(
    rf"{_NARROWED}\.aggregate\(\w+=(?:models\.)?(?P<end>Sum|Avg|Min|Max)\([\"'](?P<column>\w+)[\"']\)\)"
)
_CONDITION = re.compile(r"(\w+)=(?:True|False|None|-?\d+|\"[^\"\\]*\"|'[^'\\]*')")
_MODELS = "django.db.models"


class Annotation(msgspec.Struct, frozen=True):
    """An annotation that answers for all rows at once what a query asks for each."""

    name: str
    expression: str
    imports: tuple[tuple[str, str], ...]


class _Shape(msgspec.Struct, frozen=True):
    """What is asked of the set at the end of a path: `end` is `count`, `exists` or an aggregate of `column`."""

    end: str
    narrow: str = ""
    names: tuple[str, ...] = ()
    column: str = ""


def annotation_for(project: Project, query: QueryPerRow) -> Annotation | None:
    """The annotation that takes the place of a query; None for other shapes, and without a free name."""
    target, back = query.model, _way_back(query)
    shape = _shape(project, query)
    if target is None or back is None or shape is None:
        return None
    name = next((name for name in _names(query, shape) if _is_free(query.source, name)), None)
    if name is None:
        return None
    rows = f'{target.name}._default_manager.filter({back}=OuterRef("pk")){shape.narrow}'
    home = (target.cls.module.name, target.name)
    if shape.end == "exists":
        return Annotation(name, f"Exists({rows})", ((_MODELS, "Exists"), (_MODELS, "OuterRef"), home))
    # Count("relation") would count rows that the related default manager hides; a Subquery over it does not.
    function = "Count" if shape.end == "count" else shape.end
    made = f'{function}("{shape.column or "pk"}")'
    asked = f'Subquery({rows}.order_by().values("{back}").annotate(n={made}).values("n"))'
    imports = ((_MODELS, function), (_MODELS, "OuterRef"), (_MODELS, "Subquery"), home)
    if shape.end != "count":
        return Annotation(name, asked, imports)
    return Annotation(name, f"Coalesce({asked}, 0)", (*imports, (f"{_MODELS}.functions", "Coalesce")))


def _shape(project: Project, query: QueryPerRow) -> _Shape | None:
    text = "".join((project.source_of(query.query.span) or "").split())
    if query.method in COUNTS | TESTS and not query.prefetched:
        # A property in between may ask through another manager than the default one, which hides other rows.
        whole = rf"[\w.]+\.{query.path[-1]}(?:\.all\(\))*\.{query.method}\(\)"
        return _Shape("count" if query.method in COUNTS else "exists") if re.fullmatch(whole, text) else None
    found = _COUNTED.fullmatch(text) or _AGGREGATED.fullmatch(text)
    if found is None or query.model is None or found["relation"] != query.path[-1]:
        return None
    column = found.groupdict().get("column") or ""
    if column and not _is_column(query.model, column):
        return None
    names: list[str] = []
    for arguments in re.findall(r"\(([^()]*)\)", found["narrow"]):
        for condition in arguments.split(","):
            told = _CONDITION.fullmatch(condition)
            if told is None or not _is_column(query.model, told[1].partition("__")[0]):
                return None
            names.append(told[1])
    # The code as it stands, but for its line ends.
    narrow = found["narrow"].replace(",", ", ")
    return _Shape(found["end"], narrow, tuple(names), column)


def _is_column(model: Model, name: str) -> bool:
    return name in model.fields and name not in model.lookups


def _way_back(query: QueryPerRow) -> str | None:
    """The lookup on the target that leads back to the row's key."""
    if len(query.path) != 1 or query.model is None:
        return None
    relation = query.source.relations.get(query.path[0])
    if relation is None or relation.field is None or relation.target is not query.model:
        return None
    if relation.kind is RelationKind.REVERSE_FOREIGN_KEY:
        # A key to another column than the primary key would compare unlike values.
        return relation.field.name if relation.field.argument("to_field") is None else None
    opposite = _OPPOSITE.get(relation.kind)
    if opposite is None or query.model is query.source:
        return None
    return next((name for name, found in query.model.lookups.items() if _is_back(found, opposite, relation)), None)


def _is_back(found: Relation, kind: RelationKind, relation: Relation) -> bool:
    return found.kind is kind and found.field == relation.field


def _names(query: QueryPerRow, shape: _Shape) -> Iterator[str]:
    # Django takes two underlines in a name for a lookup.
    held = "_".join((query.path[0], *shape.names)).replace("__", "_")
    match shape.end:
        case "count":
            yield from (f"{held}_count", f"number_of_{held}")
        case "exists":
            yield from (f"has_{held}", f"{held}_exist")
        case _:
            yield from (f"{held}_{shape.column}_{shape.end.lower()}", f"{shape.end.lower()}_of_{held}_{shape.column}")


def _is_free(model: Model, name: str) -> bool:
    # Django sets an annotation as an attribute of each row, and refuses the name of a field.
    return name not in model.fields and name not in model.lookups and model.cls.find(name) is None


def annotation_fix(project: Project, query: QueryPerRow, annotation: Annotation) -> Fix | None:
    """The fix that annotates every list and reads the annotation; None where a list is built out of its view's file."""
    views = {endpoint.view.module.path for endpoint in query.endpoints}
    spans = tuple(span for span in query.querysets if span is not None and span.path in views)
    if not query.direct or not spans or len(spans) < len(query.querysets):
        return None
    if project.source_of(query.query.span) is None:
        return None  # a template reads it
    if query.model is None or not _counts_plainly(project, query.model):
        return None
    home = query.model.cls
    if any(span.path == home.module.path and span.row <= home.name_span.row for span in spans):
        return None  # the class would be used before it is there
    intents: list[FixIntent] = [AnnotateQuery(query.query.span, spans, annotation.name, annotation.expression)]
    for path in dict.fromkeys(span.path for span in spans):
        intents += [
            AddImport(path, module, name)
            for module, name in annotation.imports
            if (module, name) != (home.module.name, home.name) or path != home.module.path
        ]
    return Fix(f"annotate {annotation.name} and read it", Applicability.UNSAFE, tuple(intents))


def _counts_plainly(project: Project, target: Model) -> bool:
    """Whether the target's default manager yields its rows without annotations, which would group the count anew."""
    found = base_queryset(Evaluator(project), ManagerOf(target, target.default_manager))
    if isinstance(found, Unknown) or not isinstance(found, QuerySet):
        return False
    return not found.loading.annotations and not found.loading.unknown and not found.loading.combined
