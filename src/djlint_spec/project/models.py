"""Models as Django builds them: inherited fields, keys, relations both ways, managers, labels."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from djlint_spec.project.apps import app_label
from djlint_spec.project.classes import Class, Member
from djlint_spec.project.constants import Constant
from djlint_spec.project.fields import Field, Relation, declared_field
from djlint_spec.project.managers import Manager, declared_manager, plain_manager
from djlint_spec.project.relation_map import RelationMap
from djlint_spec.project.relations import forward_relation, table_link
from djlint_spec.project.symbols import Assigned, Unknown, Value
from djlint_spec.project.tracking import Memo, cached_property, circular, derived

if TYPE_CHECKING:
    from djlint_spec.project.model_index import Models
    from djlint_spec.project.project import Project

MODEL = "django.db.models.Model"


class KeyKind(enum.Enum):
    """Where a model's primary key comes from."""

    DECLARED = "declared"
    INHERITED = "inherited"
    LINKED = "linked"
    IMPLICIT = "implicit"


class PrimaryKey(msgspec.Struct, frozen=True):
    """A model's key; no field for one that Django makes."""

    kind: KeyKind
    field: Field | None


class Model:
    """A class that Django turns into a model. Compared by identity."""

    def __init__(self, index: Models, cls: Class) -> None:
        self._index = index
        self.cls = cls
        self.memo: Memo = {}
        self.tracking = cls.tracking

    def __repr__(self) -> str:
        return f"Model({self.dotted!r})"

    @property
    def project(self) -> Project:
        """The project that the model is part of."""
        return self.cls.project

    @property
    def name(self) -> str:
        """The class's name."""
        return self.cls.name

    @property
    def dotted(self) -> str:
        """Module and qualified name of the class."""
        return self.cls.dotted

    @property
    def label(self) -> str:
        """`app_label.ModelName`."""
        return f"{self.app_label}.{self.name}"

    @cached_property
    def app_label(self) -> str:
        """The app's label: Meta.app_label, else that of the app whose package holds the module."""
        declared = self.meta("app_label")
        if isinstance(declared, str):
            return declared
        return app_label(self.project, self.cls.module)

    # ------------------------------------------------------------------------------------------------ Meta
    @derived(lambda: None)
    def meta_value(self, option: str) -> Value | None:
        """The expression of a Meta option, inherited as Django does it.

        Without a Meta of its own a model takes the first that its bases keep: abstract models and plain classes keep
        theirs, concrete models do not (`ModelBase.__new__` of django/db/models/base.py). `abstract` is never inherited;
        `ordering` and `get_latest_by` come from a concrete parent too.
        """
        own = self.cls.own_member("Meta") is not None
        meta = self.cls.nested("Meta") if own else self._kept_meta()
        if meta is not None and (own or option != "abstract"):
            for cls in meta.mro:
                member = cls.own_member(option)
                if member is None or member.value is None:
                    continue
                if option == "abstract" and cls is not meta and cls.outer is not None and self._index.of(cls.outer):
                    return None  # Django sets it to False on the Meta of a model, for those that extend it
                return Value(member.value, member.scope)
        if option in ("ordering", "get_latest_by"):
            parent = next(iter(self.lineage[1:]), None)
            if parent is not None and not parent.abstract:
                return parent.meta_value(option)
        return None

    def _kept_meta(self) -> Class | None:
        for cls in self.cls.mro[1:]:
            if cls.own_member("Meta") is None:
                continue
            model = self._index.of(cls)
            if model is None or model.abstract:
                return cls.nested("Meta")
        return None

    def meta(self, option: str) -> Constant | Unknown:
        """A Meta option as a constant; None when not given."""
        value = self.meta_value(option)
        return None if value is None else self.project.constant(value.expr, value.scope)

    @cached_property
    def abstract(self) -> bool:
        """Whether Meta says abstract."""
        return self.meta("abstract") is True

    @cached_property
    def proxy(self) -> bool:
        """Whether Meta says proxy."""
        return self.meta("proxy") is True

    @cached_property
    def managed(self) -> bool:
        """Whether Django makes the table."""
        return self.meta("managed") is not False

    @property
    def unresolved(self) -> tuple[Unknown, ...]:
        """Why parts of the model are not known; empty when all its bases are."""
        return self.cls.unresolved_bases

    # -------------------------------------------------------------------------------------------- parents
    @cached_property
    def lineage(self) -> tuple[Model, ...]:
        """The models of the MRO, this one first, `models.Model` itself left out."""
        found = (self._index.of(cls) for cls in self.cls.mro)
        return tuple(model for model in found if model is not None)

    @cached_property
    def concrete(self) -> Model:
        """The model whose table this is: itself, or what a proxy stands for."""
        if not self.proxy:
            return self
        return next((model for model in self.lineage[1:] if not model.abstract and not model.proxy), self)

    @cached_property
    def parents(self) -> tuple[Model, ...]:
        """Concrete models that this one extends by a table of its own, parents of parents included."""
        if self.abstract or self.proxy:
            return ()
        return tuple(model for model in self.lineage[1:] if not model.abstract and not model.proxy)

    @cached_property
    def _nearest_parents(self) -> tuple[Model, ...]:
        """Those of the parents that this model's own table links to."""
        found: dict[Model, None] = {}
        for base in self.cls.bases:
            model = self._index.of(base) if isinstance(base, Class) else None
            if model is not None:
                found.update(dict.fromkeys(model._nearest_parents if model.abstract else (model.concrete,)))
        return tuple(found)

    # --------------------------------------------------------------------------------------------- fields
    @circular(lambda _: {})
    def fields(self) -> Mapping[str, Field]:
        """The declared fields by name, inherited ones included, the implicit key and parent links not."""
        found: dict[str, Field] = {}
        taken: set[str] = set()
        for cls in self.cls.mro:
            parent = self._index.of(cls) if cls in self.cls.bases else None
            if parent is not None:
                inherited = parent.fields.items()
                found.update(
                    (n, field) for n, field in inherited if n not in found and not self._hides(parent, n, taken)
                )
                continue
            for name in cls.own:
                member = cls.own_member(name)
                if member is None or _is_annotation(member):
                    continue
                taken.add(name)  # whatever it is, it stands in the way of a field of an abstract base behind it
                field = declared_field(self.project, member) if cls is self.cls else None
                if field is not None:
                    found[name] = field
        return found

    @staticmethod
    def _hides(parent: Model, name: str, taken: set[str]) -> bool:
        return parent.abstract and name in taken

    @cached_property
    def table_fields(self) -> Mapping[str, Field]:
        """The declared fields that are not those of a parent's table."""
        return {
            name: field
            for name, field in self.fields.items()
            if not any(name in parent.fields for parent in self.parents)
        }

    @cached_property
    def primary_key(self) -> PrimaryKey:
        """The key as Django chooses it: a field with primary_key=True, a parent link, or an implicit one."""
        if self.proxy and self.concrete is not self:
            return self.concrete.primary_key
        for field in self.table_fields.values():
            if field.is_key:
                kind = KeyKind.DECLARED if field.owner is self.cls else KeyKind.INHERITED
                return PrimaryKey(kind, field)
        for link in self.parent_links.values():
            return PrimaryKey(KeyKind.LINKED, link.field)
        return PrimaryKey(KeyKind.IMPLICIT, None)

    @cached_property
    def attnames(self) -> Mapping[str, Relation]:
        """The `x_id` attributes of forward keys."""
        return {f"{relation.name}_id": relation for relation in self.forward.values() if relation.kind.is_forward_key}

    # ------------------------------------------------------------------------------------------ relations
    @circular(lambda _: {})
    def forward(self) -> Mapping[str, Relation]:
        """The relations that fields of this model make, by field name."""
        found: dict[str, Relation] = {}
        above = (self.concrete,) if self.concrete is not self else self.parents
        for name, field in self.fields.items():
            # What `"self"` means is settled where the table is made.
            parent = next((model for model in above if name in model.fields), None)
            relation = parent.forward.get(name) if parent is not None else forward_relation(self, name, field)
            if relation is not None:
                found[name] = replace(relation, source=self)
        return found

    @cached_property
    def parent_links(self) -> Mapping[str, Relation]:
        """The keys from this table to those that it extends directly, by name; a proxy has those of its model."""
        if self.proxy and self.concrete is not self:
            return self.concrete.parent_links
        if self.abstract:
            return {}
        declared = [relation for relation in self.forward.values() if relation.parent_link]
        links = [
            next((link for link in declared if link.target is parent), None) or table_link(self, parent)
            for parent in self._nearest_parents
        ]
        return {link.name: link for link in links}

    @cached_property
    def introduced(self) -> tuple[Relation, ...]:
        """The relations that this model's own table brings, parent links included: each has its reverse side once."""
        if self.abstract or self.proxy:
            return ()
        own = {name: relation for name, relation in self.forward.items() if name in self.table_fields}
        return tuple({**own, **self.parent_links}.values())

    @cached_property
    def reverse(self) -> Mapping[str, Relation]:
        """The accessors that relations of other models put on this one and its parents; of two alike the last stays."""
        found: dict[str, Relation] = {}
        for model in reversed(self.lineage):
            found.update((relation.name, relation) for relation in self._index.reverse_of(model))
        return found

    @cached_property
    def _links(self) -> Mapping[str, Relation]:
        return {name: link for model in self.lineage for name, link in model.parent_links.items()}

    @property
    def relations(self) -> Mapping[str, Relation]:
        """Every relation by its accessor: reverse ones, parent links of multi-table inheritance, forward ones."""
        # One that stays open asks anew with each change, a single run comes to most names of a model in its course.
        return self._relations_by_name if self.tracking.active else self._relations

    @cached_property
    def _relations(self) -> Mapping[str, Relation]:
        return {**self.reverse, **self._links, **self.forward}

    @cached_property
    def _relations_by_name(self) -> Mapping[str, Relation]:
        return RelationMap(self._relation, lambda: self._relations)

    @derived(lambda: None)
    def _relation(self, name: str) -> Relation | None:
        """The same for one name; of two alike, that of the nearest model stays, and of these the last."""
        own = self.forward.get(name) or self._links.get(name)
        if own is not None:
            return own
        for model in self.lineage:
            for back in reversed(self._index.backs_of(model)):
                side = self._index.reverse_side(model, back) if back.accessor == name else None
                if side is not None:
                    return side
        return None

    @property
    def lookups(self) -> Mapping[str, Relation]:
        """Every relation by the name that lookups, select_related and values take.

        A child has no lookup from its parent's table to another child, itself included, though it has the accessor
        (`Options._get_fields`).
        """
        return self._lookups_by_name if self.tracking.active else self._lookups

    @cached_property
    def _lookups_by_name(self) -> Mapping[str, Relation]:
        return RelationMap(self._lookup, lambda: self._lookups)

    @derived(lambda: None)
    def _lookup(self, name: str) -> Relation | None:
        """The same for one name; of two alike, that of the furthest model stays, and of these the last."""
        own = self.forward.get(name) or self._links.get(name)
        if own is not None:
            return own
        for model in reversed(self.lineage):
            is_parent = model in self.parents
            for back in reversed(self._index.backs_of(model)):
                if back.query_name == name and not (back.parent_link and is_parent):
                    side = self._index.reverse_side(model, back)
                    if side is not None:
                        return side
        return None

    @cached_property
    def _lookups(self) -> Mapping[str, Relation]:
        found: dict[str, Relation] = {}
        for model in self.lineage:
            for relation in self._index.reverse_of(model):
                if not (relation.parent_link and model in self.parents):
                    found[relation.query_name] = relation
        return {**found, **self._links, **self.forward}

    # ------------------------------------------------------------------------------------------- managers
    @cached_property
    def _own_managers(self) -> Mapping[str, Manager]:
        found: dict[str, Manager] = {}
        for name in self.cls.own:
            member = self.cls.own_member(name)
            manager = declared_manager(self.project, member) if member is not None else None
            if manager is not None:
                found[name] = manager
        return found

    @cached_property
    def managers(self) -> Mapping[str, Manager]:
        """The managers by name, in the order in which Django counts them, `objects` made where none is declared.

        One that Django made for a concrete parent is inherited like any other.
        """
        found: dict[str, Manager] = {}
        for model in self.lineage:
            for name, manager in (*model._own_managers.items(), *model._made_manager.items()):
                found.setdefault(name, manager)
        return found

    @cached_property
    def _made_manager(self) -> Mapping[str, Manager]:
        if self.abstract or any(model._own_managers for model in self.lineage):
            return {}
        return {"objects": plain_manager(self.project)}

    @cached_property
    def base_manager(self) -> Manager:
        """The manager that keys of other models use, and `_base_manager`: a plain one unless Meta names another."""
        named = self.meta("base_manager_name")
        if named is None and len(self.lineage) > 1:
            return self.lineage[1].base_manager
        if isinstance(named, str) and named in self.managers:
            return self.managers[named]
        return plain_manager(self.project)

    @cached_property
    def default_manager(self) -> Manager:
        """The manager that reverse relations and `_default_manager` use."""
        named = self.meta("default_manager_name")
        if named is None and not self._own_managers and len(self.lineage) > 1:
            named = self.lineage[1].meta("default_manager_name")
        if isinstance(named, str) and named in self.managers:
            return self.managers[named]
        return next(iter(self.managers.values()), plain_manager(self.project))


def _is_annotation(member: Member) -> bool:
    return isinstance(member.binding, Assigned) and member.binding.value is None
