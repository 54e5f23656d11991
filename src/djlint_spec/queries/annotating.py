"""A count or a test that runs for each row, as an annotation of the list: what to write, and the fix that writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation that answers for all rows at once what a query asks for each."""

    name: str
    expression: str
    imports: tuple[tuple[str, str], ...]


def annotation_for(query: QueryPerRow) -> Annotation | None:
    """The annotation that takes the place of a count or a test; None for other shapes, and without a free name."""
    target, back = query.model, _way_back(query)
    if target is None or back is None or query.method not in COUNTS | TESTS:
        return None
    name = next((name for name in _names(query) if _is_free(query.source, name)), None)
    if name is None:
        return None
    rows = f'{target.name}._default_manager.filter({back}=OuterRef("pk"))'
    models = "django.db.models"
    if query.method in TESTS:
        imports = [(models, "Exists"), (models, "OuterRef")]
        return Annotation(name, f"Exists({rows})", (*imports, (target.cls.module.name, target.name)))
    # Count("relation") would count rows that the related default manager hides; a Subquery over it does not.
    counted = f'{rows}.order_by().values("{back}").annotate(n=Count("pk")).values("n")'
    imports = [(models, "Count"), (models, "OuterRef"), (models, "Subquery"), (f"{models}.functions", "Coalesce")]
    return Annotation(name, f"Coalesce(Subquery({counted}), 0)", (*imports, (target.cls.module.name, target.name)))


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


def _names(query: QueryPerRow) -> Iterator[str]:
    relation = query.path[0]
    yield from (
        (f"{relation}_count", f"number_of_{relation}")
        if query.method in COUNTS
        else (f"has_{relation}", f"{relation}_exist")
    )


def _is_free(model: Model, name: str) -> bool:
    # Django sets an annotation as an attribute of each row, and refuses the name of a field.
    return name not in model.fields and name not in model.lookups and model.cls.find(name) is None


def annotation_fix(project: Project, query: QueryPerRow, annotation: Annotation) -> Fix | None:
    """The fix that annotates every list and reads the annotation; None where a list is built out of its view's file."""
    views = {endpoint.view.module.path for endpoint in query.endpoints}
    spans = tuple(span for span in query.querysets if span is not None and span.path in views)
    if not query.direct or not spans or len(spans) < len(query.querysets):
        return None
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
