"""All models at once: by class, by label, and what their relations put on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from djlint_spec.project.apps import library_module
from djlint_spec.project.classes import Class
from djlint_spec.project.fields import FIELD, Relation, declared_field
from djlint_spec.project.models import MODEL, Model
from djlint_spec.project.relations import reverse_relation
from djlint_spec.project.symbols import Unknown
from djlint_spec.project.tracking import Memo, cached_property, derived

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_Place: TypeAlias = "tuple[str, int]"
_MODEL_ITSELF = frozenset({MODEL, "builtins.object"})


@dataclass(frozen=True, slots=True)
class Back:
    """The reverse side of a relation by names alone: it names no place in a text, nor any object of a project."""

    source: _Place
    """The model that makes the relation."""
    relation: str
    accessor: str
    query_name: str
    parent_link: bool


class Models:
    """All models of the project, and those of packages that they lead to."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tracking = project.tracking
        self.memo: Memo = {}
        self._models: dict[Class, Model] = {}

    def of(self, cls: Class) -> Model | None:
        """The model that a class is; None for `models.Model` itself, for other classes and for the undecided."""
        known = self._models.get(cls)
        if known is not None:
            return known
        if cls.dotted in _MODEL_ITSELF or not self._is_model(cls):
            return None
        self._models[cls] = model = Model(self, cls)
        return model

    def _is_model(self, cls: Class) -> bool:
        return cls.derives_from_any(MODEL, *self.project.config.model_bases) is True

    @cached_property
    def all(self) -> tuple[Model, ...]:
        """Every model written in the project, tests and migrations left out, in order of path and place."""
        found = (self.of(cls) for cls in self.project.classes if not cls.module.is_migration and not cls.module.is_test)
        return tuple(model for model in found if model is not None)

    @cached_property
    def undecided(self) -> tuple[tuple[Class, Unknown], ...]:
        """Classes that look like models (they hold model fields) but have a base that is not resolved."""
        return tuple(
            (cls, cls.unresolved_bases[0])
            for cls in self.project.classes
            if not cls.module.is_migration
            and not cls.module.is_test
            and cls.derives_from(MODEL) is None
            and any(self._has_column(cls, name) for name in cls.own)
        )

    def _has_column(self, cls: Class, name: str) -> bool:
        member = cls.own_member(name)
        field = declared_field(self.project, member) if member is not None else None
        return field is not None and field.is_a(FIELD) is True

    # --------------------------------------------------------------------------------------------- labels
    @cached_property
    def _places(self) -> Mapping[Class, _Place]:
        """Where each class stands: the path of its module, and its number there."""
        return {
            cls: (module.path, number)
            for module in self.project.modules
            for number, cls in enumerate(self.project.classes_in(module))
        }

    def _place_of(self, model: Model) -> _Place:
        """Where a model stands; one of a package by its name alone."""
        return self._places.get(model.cls) or (model.dotted, -1)

    def _at(self, place: _Place) -> Model | None:
        path, number = place
        cls = self.project.numbered(path, number) if number >= 0 else self.project.dotted_symbol(path)
        return self.of(cls) if isinstance(cls, Class) else None

    @cached_property
    def _labels(self) -> Mapping[str, _Place]:
        return self.project.carried(
            "labels of models", lambda: {model.label.lower(): self._places[model.cls] for model in reversed(self.all)}
        )

    @derived(lambda: None)
    def named(self, label: str) -> Model | None:
        """The model of `app_label.ModelName`, in the project, the library or an environment."""
        found = self._labels.get(label.lower())
        if found is not None:
            return self._at(found)
        app, _, name = label.rpartition(".")
        home = library_module(self.project, app)
        if home is None:
            return None
        for cls in self.project.classes_in(home):
            if cls.name.lower() == name.lower():
                return self.of(cls)
        symbol = self.project.attribute(home, name)
        return self.of(symbol) if isinstance(symbol, Class) else None

    @cached_property
    def user(self) -> Model | Unknown:
        """The model that AUTH_USER_MODEL names."""
        label = self.project.user_model_label
        return self.named(label) or Unknown("user model not at hand", label)

    # ------------------------------------------------------------------------------------------ relations
    @cached_property
    def _backs(self) -> Mapping[_Place, Sequence[Back]]:
        """What the relations of all models put on each, by where it stands."""
        return self.project.carried("reverse sides of relations", self._found_backs)

    def _found_backs(self) -> Mapping[_Place, Sequence[Back]]:
        found: dict[_Place, list[Back]] = {}
        seen: set[int] = set()
        queue = list(self.all)
        while queue:
            model = queue.pop(0)
            if id(model) in seen:
                continue
            seen.add(id(model))
            queue.extend(model.lineage[1:])
            if model.abstract:
                continue
            targets = [relation.target for relation in model.forward.values()]
            queue.extend(target for target in targets if not isinstance(target, Unknown))
            for relation in model.introduced:
                if isinstance(relation.target, Unknown):
                    continue
                side = reverse_relation(relation, model, relation.target)
                if side is not None:
                    back = Back(self._place_of(model), relation.name, side.name, side.query_name, side.parent_link)
                    found.setdefault(self._place_of(relation.target.concrete), []).append(back)
        return found

    def backs_of(self, model: Model) -> Sequence[Back]:
        """The relations of other models that end at this one, by their names alone."""
        return self._backs.get(self._place_of(model), ())

    def reverse_side(self, model: Model, back: Back) -> Relation | None:
        """The relation from a model back along one that ends at it."""
        source = self._at(back.source)
        relation = next((one for one in source.introduced if one.name == back.relation), None) if source else None
        if source is None or relation is None or isinstance(relation.target, Unknown):
            return None
        return reverse_relation(relation, source, relation.target) if relation.target.concrete is model else None

    @derived(tuple)
    def reverse_of(self, model: Model) -> tuple[Relation, ...]:
        """The relations of other models that end at this one."""
        sides = (self.reverse_side(model, back) for back in self.backs_of(model))
        return tuple(side for side in sides if side is not None)
