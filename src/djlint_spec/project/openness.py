"""Which models may have fields or reverse names that their class bodies do not show, and what adds them."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.project.apps import foreign_apps
from djlint_spec.project.classes import Class, Function, Member
from djlint_spec.project.fields import RelationKind, declared_field
from djlint_spec.project.models import Model
from djlint_spec.project.module import Module, Origin
from djlint_spec.project.symbols import Assigned, External, Imported, Opaque, Scope, Unknown
from djlint_spec.project.tracking import Kept, cached_property

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_REVERSE_NAME = re.compile(r"""related(?:_query)?_name["']?\s*[=:]\s*f?["']([^"'\n]*)["']""")
_ADDED = re.compile(r"""(?<!super\(\))\.(?:add_to_class\(|contribute_to_class\(\s*[\w.]+\s*,)\s*(?:["'](\w+)["'])?""")
_ADDS_MORE = re.compile(r"add_to_class\(|(?<!super\(\)\.)(?<!self\)\.)(?<!def )contribute_to_class\(")
"""What a field's own `contribute_to_class` does to bring further fields."""
_LOOKUP_NAME = re.compile(r"""lookup_name["']?\s*[=:,]\s*["'](\w+)["']""")
_PLACEHOLDER = re.compile(r"(%\((?:class|model_name)\)s|%\(\w+\)s|\{[^}]*\})")
_PLAIN_PACKAGES = frozenset(
    {"django", "model_utils", "django_extensions", "django_lifecycle", "simple_history", "taggit"}
)
"""Packages whose bases and attributes add no columns beyond those that their stubs show."""
_PLAIN_DECORATORS = frozenset({"functools.total_ordering", "typing.final", "typing_extensions.final"})
_PYTHON = frozenset(sys.stdlib_module_names) | {"builtins"}
_OF_DJANGO = frozenset({"logentry", "auth_token"})
"""Reverse names that apps of Django and DRF put on the user model."""


class Openness:
    """What may be there without being seen, for all models of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._open: Kept[int, Unknown | None] = Kept(project.tracking)

    def doubt(self, model: Model, name: str) -> Unknown | None:
        """Why a model may have a field or reverse relation of that name though none is seen; None when it has none."""
        whole = self._open.made(id(model), lambda: self._doubt_of(model))
        if whole is not None:
            return whole
        if name in self._added or self._is_given(name):
            return Unknown("name that a relation or a call may add", name)
        if name in self._class_names and name not in model.fields:
            return Unknown("name that a relation of a class may add", name)
        return self._of_attribute(model, name)

    # ----------------------------------------------------------------------------------------- whole project
    @cached_property
    def _modules(self) -> tuple[Module, ...]:
        return tuple(module for module in self._project.modules if not module.is_migration and not module.is_test)

    @cached_property
    def lookups(self) -> frozenset[str]:
        """The names of lookups and transforms that the project registers."""
        return frozenset(
            name
            for module in self._modules
            if module.mentions("lookup_name", "register_lookup")
            for name in _LOOKUP_NAME.findall(module.facts.text)
        )

    @cached_property
    def _reverse_names(self) -> tuple[re.Pattern[str], ...]:
        """The names that relations give where the index of models does not have them."""
        texts: set[str] = set()
        for module in self._modules:
            if module.mentions("related_"):
                settled = self._settled.get(module, [])
                texts.update(
                    match[1]
                    for match in _REVERSE_NAME.finditer(module.facts.text)
                    if not any(start <= match.start() < end for start, end in settled)
                )
        for cls in self._unsettled:
            for above in cls.mro:
                texts.update(_REVERSE_NAME.findall(above.module.text(above.node)))
        return tuple(_pattern(text) for text in sorted(texts) if not text.endswith("+"))

    def _is_given(self, name: str) -> bool:
        found = (pattern.fullmatch(name) for pattern in self._reverse_names)
        return any(match is not None and self._all_names.issuperset(match.groups()) for match in found)

    @cached_property
    def _all_names(self) -> frozenset[str]:
        return frozenset(cls.name.lower() for cls in self._project.classes)

    @cached_property
    def _unsettled(self) -> tuple[Class, ...]:
        return tuple(cls for cls in self._project.classes if self._may_relate(cls))

    @cached_property
    def _settled(self) -> Mapping[Module, Sequence[tuple[int, int]]]:
        """Where the classes stand whose relations all have their reverse side in the index."""
        unsettled = set(self._unsettled)
        found: dict[Module, list[tuple[int, int]]] = {}
        for model in self._project.models.all:
            generic = any(one.kind is RelationKind.GENERIC_RELATION for one in model.forward.values())
            if model.cls not in unsettled and not generic:
                found.setdefault(model.cls.module, []).append((model.cls.node.start, model.cls.node.end))
        return found

    @cached_property
    def _class_names(self) -> frozenset[str]:
        """What a class that is not seen to be a model would be called in lookups and by accessors."""
        undecided = [cls.name.lower() for cls in self._unsettled]
        return frozenset((*undecided, *(f"{name}_set" for name in undecided)))

    def _may_relate(self, cls: Class) -> bool:
        model = self._project.models.of(cls)
        if model is None:
            return bool(cls.unresolved_bases)
        return bool(model.unresolved) or any(isinstance(one.target, Unknown) for one in model.forward.values())

    @cached_property
    def _added(self) -> frozenset[str]:
        return frozenset(name for name in self._calls_that_add if name)

    @cached_property
    def _calls_that_add(self) -> tuple[str, ...]:
        return tuple(
            name
            for module in self._modules
            if module.mentions("_to_class")
            for name in _ADDED.findall(module.facts.text)
        )

    @cached_property
    def _everywhere(self) -> Unknown | None:
        """What may add fields to any model of the project."""
        if "" in self._calls_that_add:
            return Unknown("fields added by a name computed at run time")
        for module in self._modules:
            prepared = module.mentions("class_prepared") and module.mentions("to_class(", "add_field(")
            if prepared or module.mentions("modeltranslation"):
                return Unknown("fields added to models at run time", module.name)
        return None

    @cached_property
    def _renamed(self) -> frozenset[int]:
        """The models that keys lead to whose field class may choose the reverse name by itself."""
        return frozenset(
            id(one.target)
            for model in self._project.models.all
            for one in model.forward.values()
            if isinstance(one.target, Model) and one.field is not None and _names_reverse(one.field.kind)
        )

    @cached_property
    def _has_foreign_apps(self) -> bool:
        return foreign_apps(self._project) != ()

    # ------------------------------------------------------------------------------------------- one model
    def _doubt_of(self, model: Model) -> Unknown | None:
        if model.abstract:
            return Unknown("lookup on an abstract model", model.dotted)
        if model.unresolved:
            return model.unresolved[0]
        if self._everywhere is not None:
            return self._everywhere
        if self._project.models.undecided and not model.cls.is_ours:
            return Unknown("reverse names of classes that are not resolved", model.dotted)
        user = self._project.models.user
        shared = [one for one in model.lineage if not one.cls.is_ours or one is user]
        if any(not one.abstract or one is user for one in shared) and self._has_foreign_apps:
            return Unknown("reverse names of apps not at hand", model.dotted)
        if any(id(one) in self._renamed for one in model.lineage):
            return Unknown("reverse names that a field makes up", model.dotted)
        for cls in model.cls.mro:
            doubt = self._doubt_of_class(cls)
            if doubt is not None:
                return doubt
        return None

    def _doubt_of_class(self, cls: Class) -> Unknown | None:
        if cls.module.origin is Origin.LIBRARY:
            # A package's metaclass or base may add columns.
            plain = cls.module.name.partition(".")[0] in _PLAIN_PACKAGES or self._project.models.of(cls) is None
            return None if plain else Unknown("fields that a package's base adds", cls.dotted)
        self._project.tracking.search(("locals()", "vars()"))
        if cls.node.keywords or "locals()" in cls.module.text(cls.node) or "vars()" in cls.module.text(cls.node):
            return Unknown("class made by a metaclass or at run time", cls.dotted)
        for decorator in cls.node.decorators:
            target = decorator.func if isinstance(decorator, t.Call) else decorator
            if not self._leaves_as_is(target, cls.defining_scope):
                return Unknown("class with a decorator that may change it", cls.dotted)
        for name in cls.own:
            member = cls.own_member(name)
            if member is not None and self._adds_names(member):
                return Unknown("attribute that adds fields of its own", f"{cls.dotted}.{name}")
        return None

    def _leaves_as_is(self, decorator: t.Expr, scope: Scope) -> bool:
        """Whether a decorator adds no fields: Python's own, or a function of the project with no word of it."""
        symbol = self._project.resolve(decorator, scope)
        if isinstance(symbol, Function) and symbol.module.origin is Origin.PROJECT:
            return not symbol.mentions("to_class(", "add_field(", "setattr(", "type(")
        return self._project.dotted(decorator, scope) in _PLAIN_DECORATORS

    def _adds_names(self, member: Member) -> bool:
        match member.binding:
            case Assigned(value=t.Call(func=func), element=None):
                pass
            case _:
                return False
        symbol = self._project.resolve(func, member.scope)
        match symbol:
            case Class() if symbol.module.origin is Origin.LIBRARY:
                package = symbol.module.name.partition(".")[0]
                return package not in _PLAIN_PACKAGES and declared_field(self._project, member) is None
            case Class():
                method = symbol.method("contribute_to_class")
                if method is None or method.module.origin is Origin.LIBRARY:
                    return False
                return _ADDS_MORE.search(method.module.body_text(method.node)) is not None
            case External():
                plain = symbol.package in _PLAIN_PACKAGES or symbol.package in _PYTHON
                is_field = declared_field(self._project, member) is not None
                return not plain and not is_field and not symbol.dotted.endswith(("Manager", "QuerySet"))
            case _:
                return False

    def _of_attribute(self, model: Model, name: str) -> Unknown | None:
        """A doubt that one attribute raises: it may be the field, or bring companions (`price_currency`)."""
        found = model.cls.find(name)
        if found is not None and isinstance(found.binding, (Assigned, Opaque, Imported)):
            constant = found.value is not None and isinstance(found.value, (t.String, t.Number, t.Boolean, t.Nothing))
            if not constant:
                return Unknown("attribute that may be a field", f"{model.dotted}.{name}")
        for given, field in model.fields.items():
            foreign = not (isinstance(field.kind, Class) and field.kind.derives_from("django.db.models.Field") is True)
            if (foreign or _of_package(field.kind)) and name.startswith(f"{given}_"):
                return Unknown("field that may bring companions", f"{model.dotted}.{given}")
        if model is self._project.models.user and name in _OF_DJANGO:
            return Unknown("reverse name of an app of Django", name)
        return None


def _of_package(kind: Class | External) -> bool:
    if isinstance(kind, External):
        return True
    return kind.module.origin is not Origin.PROJECT and kind.module.name.partition(".")[0] not in _PLAIN_PACKAGES


def _names_reverse(kind: Class | External) -> bool:
    if isinstance(kind, External):
        return True
    ours = (cls for cls in kind.mro if cls.module.origin is not Origin.LIBRARY)
    return any("related_" in cls.module.text(cls.node) for cls in ours)


def _pattern(text: str) -> re.Pattern[str]:
    """The names that a `related_name` may come to; its groups are names of classes."""
    parts = _PLACEHOLDER.split(text)
    made = [re.escape(part) if at % 2 == 0 else _filler(part) for at, part in enumerate(parts)]
    return re.compile("".join(made))


def _filler(placeholder: str) -> str:
    return r"(\w+)" if placeholder in ("%(class)s", "%(model_name)s") else r"\w+"
