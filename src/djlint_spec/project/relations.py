"""Relations that fields make: their kind, the model they lead to, and what they put on its other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.project import fields as f
from djlint_spec.project.classes import Class
from djlint_spec.project.fields import Field, Relation, RelationKind
from djlint_spec.project.symbols import External, Scope, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.models import Model

_KINDS = (
    (f.ONE_TO_ONE, RelationKind.ONE_TO_ONE),
    (f.FOREIGN_KEY, RelationKind.FOREIGN_KEY),
    (f.MANY_TO_MANY, RelationKind.MANY_TO_MANY),
    (f.GENERIC_FOREIGN_KEY, RelationKind.GENERIC_FOREIGN_KEY),
    (f.GENERIC_RELATION, RelationKind.GENERIC_RELATION),
    (f.TAGGABLE, RelationKind.MANY_TO_MANY),
)
_REVERSED = {
    RelationKind.FOREIGN_KEY: RelationKind.REVERSE_FOREIGN_KEY,
    RelationKind.ONE_TO_ONE: RelationKind.REVERSE_ONE_TO_ONE,
    RelationKind.MANY_TO_MANY: RelationKind.REVERSE_MANY_TO_MANY,
}
_RELATED_NAME_POSITION = {RelationKind.FOREIGN_KEY: 2, RelationKind.MANY_TO_MANY: 1}


def relation_kind(field: Field) -> RelationKind | None:
    """How a field relates models; None for a plain column."""
    for dotted, kind in _KINDS:
        if field.is_a(dotted):
            return kind
    if isinstance(field.kind, Class) and field.kind.is_ours:
        return RelationKind.GENERIC_FOREIGN_KEY if _is_fetched_by_itself(field.kind) else None
    # A field class of a package not at hand tells its kind by its name.
    name = field.kind_name
    if field.is_a("django.db.models.Field") is not None:
        return None
    if name.endswith("ForeignKey"):
        return RelationKind.FOREIGN_KEY
    if name.endswith("OneToOneField"):
        return RelationKind.ONE_TO_ONE
    return RelationKind.MANY_TO_MANY if name.endswith("ManyToManyField") else None


def _is_fetched_by_itself(kind: Class) -> bool:
    """Whether a field class of the project fetches what it leads to, alone and for many rows at once.

    `get_prefetcher` of django/db/models/query.py takes whatever has `get_prefetch_querysets` for prefetch_related.
    """
    found = (kind.method(name) for name in ("get_prefetch_querysets", "get_prefetch_queryset"))
    return kind.method("__get__") is not None and any(one is not None for one in found)


def forward_relation(model: Model, name: str, field: Field) -> Relation | None:
    """The relation that a field of the model's own table makes, None for a plain column."""
    kind = relation_kind(field)
    if kind is None:
        return None
    if kind is RelationKind.GENERIC_FOREIGN_KEY:
        return Relation(name, name, kind, model, Unknown("target of a generic foreign key"), field, nullable=True)
    if field.is_a(f.TAGGABLE):
        tag = model.project.dotted_symbol("taggit.models.Tag")
        target = model.project.models.of(tag) if isinstance(tag, Class) else None
        return Relation(name, name, kind, model, target or Unknown("taggit is not at hand"), field)
    linked = kind is RelationKind.ONE_TO_ONE and field.flag("parent_link")
    return Relation(name, name, kind, model, _target(model, field), field, field.flag("null"), linked)


def _target(model: Model, field: Field) -> Model | Unknown:
    given = field.argument("to", 0)
    if given is None:
        return Unknown("relation without a visible target", field.name)
    return referred(model, given.expr, given.scope)


def referred(model: Model, expr: t.Expr, scope: Scope) -> Model | Unknown:
    """The model that the first argument of a relation names, seen from the model that has the relation."""
    models = model.project.models
    match expr:
        case t.String(value="self"):
            return model
        case t.String(value=label):
            full = label if "." in label else f"{model.app_label}.{label}"
            found = models.named(full)
            if found is None and "." not in label:
                symbol = model.project.lookup(label, scope)
                found = models.of(symbol) if isinstance(symbol, Class) else None
            return found or Unknown("model of that label not at hand", full)
        case t.Call(func=func) if model.project.dotted(func, scope) == "django.contrib.auth.get_user_model":
            return models.user
        case _:
            pass
    symbol = model.project.resolve(expr, scope)
    match symbol:
        case Class():
            return models.of(symbol) or Unknown("related class is not known to be a model", symbol.dotted)
        case External(dotted=dotted) if dotted.endswith(".AUTH_USER_MODEL"):
            return models.user
        case External(dotted=dotted):
            return Unknown("model of a package not at hand", dotted)
        case Value(expr=inner, scope=where) if inner is not expr:
            return referred(model, inner, where)
        case _:
            return Unknown("relation to a computed model", scope.module.text(expr))


def table_link(model: Model, parent: Model) -> Relation:
    """The key that Django makes from a table to the one that it extends."""
    name = f"{parent.name.lower()}_ptr"
    return Relation(name, name, RelationKind.ONE_TO_ONE, model, parent, None, parent_link=True)


def reverse_relation(relation: Relation, model: Model, target: Model) -> Relation | None:
    """What a relation of `model` puts on `target`, by the names that Django gives; None for a hidden side.

    `contribute_to_class` of django/db/models/fields/related.py makes the names.
    """
    kind = _REVERSED.get(relation.kind)
    field = relation.field
    if kind is None or (field is not None and field.is_a(f.TAGGABLE)):
        return None
    if kind is RelationKind.REVERSE_MANY_TO_MANY and target is model and _is_symmetrical(field):
        return None
    given = field.argument("related_name", _RELATED_NAME_POSITION.get(relation.kind)) if field is not None else None
    named = model.project.constant(given.expr, given.scope) if given else model.meta("default_related_name")
    if isinstance(named, Unknown):
        return None
    query = model.name.lower()
    accessor = query if kind is RelationKind.REVERSE_ONE_TO_ONE else f"{query}_set"
    if isinstance(named, str) and named:
        accessor = query = _filled(named, model)
        if accessor.endswith("+"):
            return None
    queried = field.argument("related_query_name") if field is not None else None
    if queried is not None:
        folded = model.project.constant(queried.expr, queried.scope)
        query = _filled(folded, model) if isinstance(folded, str) else query
    return Relation(accessor, query, kind, target, model, field, nullable=True, parent_link=relation.parent_link)


def _is_symmetrical(field: Field | None) -> bool:
    # Only `"self"` makes a relation symmetrical by itself; the class's own name does not.
    if field is None:
        return False
    given = field.argument("symmetrical")
    if given is not None:
        return field.owner.project.constant(given.expr, given.scope) is not False
    to = field.argument("to", 0)
    return to is not None and field.owner.project.constant(to.expr, to.scope) == "self"


def _filled(name: str, model: Model) -> str:
    words = {"class": model.name.lower(), "model_name": model.name.lower(), "app_label": model.app_label.lower()}
    for word, text in words.items():
        name = name.replace(f"%({word})s", text)
    return name
