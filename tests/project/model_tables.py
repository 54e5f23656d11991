"""What a project's models come to, told in one shape by Django and by the tool, so that the two can be compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from djlint_spec.project import Class, Project
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import KeyKind, Model

Table = dict[str, Any]
"""Facts of one model, in the shapes of JSON."""

#: Printed by Django: of every model, keyed by its label. `auto_created` fields (keys, parent links) are told apart.
_QUESTION = """
import inspect, json
import django
django.setup()
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.db import models
from django.db.models.fields.related_descriptors import (
    ManyToManyDescriptor, ReverseManyToOneDescriptor, ReverseOneToOneDescriptor,
)

def ours(cls):
    return not cls.__module__.startswith(("django.", "builtins", "rest_framework")) and cls.__module__ != "builtins"

def name_of(cls):
    return f"{cls.__module__}.{cls.__qualname__}".replace("<locals>.", "")

def kind_of(field):
    if isinstance(field, GenericForeignKey):
        return "generic foreign key"
    if isinstance(field, GenericRelation):
        return "generic relation"
    return "foreign key" if field.many_to_one else "one-to-one" if field.one_to_one else "many-to-many"

def forward(model):
    meta = model._meta
    fields = [*meta.fields, *meta.many_to_many, *meta.private_fields]
    return {
        f.name: [
            kind_of(f),
            f.related_model._meta.label if not isinstance(f, GenericForeignKey) else None,
            bool(getattr(f, "null", True)) if not isinstance(f, (GenericForeignKey, GenericRelation)) else None,
        ]
        for f in fields if f.is_relation and not f.auto_created
    }

def reverse(model):
    found = {}
    for name in dir(model):
        descriptor = inspect.getattr_static(model, name)
        match descriptor:
            case ReverseOneToOneDescriptor():
                rel, kind = descriptor.related, "reverse one-to-one"
            case ManyToManyDescriptor(reverse=True):
                rel, kind = descriptor.rel, "reverse many-to-many"
            case ManyToManyDescriptor():
                continue
            case ReverseManyToOneDescriptor():
                rel, kind = descriptor.rel, "reverse foreign key"
                if isinstance(rel.field, GenericRelation):
                    continue
            case _:
                continue
        found[name] = [kind, rel.related_model._meta.label, rel.field.related_query_name()]
    return found

def managers(model):
    return {
        m.name: sorted({name_of(c) for c in [*type(m).__mro__, *m._queryset_class.__mro__] if ours(c)
                        and not c.__module__.endswith("manager")})
        for m in model._meta.managers
    }

def table(model):
    meta = model._meta
    return {
        "class": name_of(model),
        "app": meta.app_label,
        "mro": [name_of(c) for c in model.__mro__ if ours(c)],
        "proxy": meta.proxy,
        "managed": meta.managed,
        "concrete": meta.concrete_model._meta.label,
        "ordering": [x if isinstance(x, str) else "?" for x in meta.ordering],
        "latest": meta.get_latest_by,
        "fields": {
            f.name: type(f).__name__
            for f in [*meta.fields, *meta.many_to_many, *meta.private_fields] if not f.auto_created
        },
        "pk": [meta.pk.name, bool(meta.pk.auto_created)],
        "parents": sorted(p._meta.label for p in meta.get_parent_list()) if not meta.proxy else [],
        "forward": forward(model),
        "links": sorted(f.name for f in meta.fields if f.auto_created and f.is_relation),
        "reverse": reverse(model),
        "managers": managers(model),
        "order of managers": [m.name for m in meta.managers],
        "default manager": model._default_manager.name,
        "base manager": model._base_manager.name,
        "lookups": sorted(
            name for name, f in meta.fields_map.items() if f.is_relation and not f.hidden
            and not isinstance(f.field, GenericRelation)
        ),
    }

print(json.dumps({m._meta.label: table(m) for m in apps.get_models()}))
"""


def by_django(folder: Path, settings: str) -> dict[str, Table]:
    """The tables as a real Django, set up in a process of its own, tells them."""
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _QUESTION],
        cwd=folder,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    told: dict[str, Table] = json.loads(answer.stdout)
    return told


def by_the_tool(project: Project) -> dict[str, Table]:
    """The same of every model written in the project, as the tool reads it."""
    return {model.label: _table(model) for model in project.models.all if not model.abstract}


def _table(model: Model) -> Table:
    return {
        "class": model.dotted,
        "app": model.app_label,
        "mro": [cls.dotted for cls in model.cls.mro if cls.is_ours],
        "proxy": model.proxy,
        "managed": model.managed,
        "concrete": model.concrete.label,
        "ordering": _listed(model.meta("ordering")),
        "latest": _jsonable(model.meta("get_latest_by")),
        "fields": {field.name: field.kind_name for field in model.fields.values()},
        "pk": _key(model),
        "parents": sorted(parent.label for parent in model.parents),
        "forward": {
            name: [
                relation.kind.value,
                relation.target.label if isinstance(relation.target, Model) else None,
                relation.nullable
                if relation.kind not in (RelationKind.GENERIC_FOREIGN_KEY, RelationKind.GENERIC_RELATION)
                else None,
            ]
            for name, relation in model.forward.items()
        },
        "links": sorted(
            name for name, relation in model.relations.items() if relation.field is None and name not in model.reverse
        ),
        "reverse": {
            name: [
                relation.kind.value,
                relation.target.label if isinstance(relation.target, Model) else None,
                relation.query_name,
            ]
            for name, relation in model.reverse.items()
        },
        "managers": {
            name: sorted({c.dotted for cls in manager.classes for c in cls.mro if _counts(c)})
            for name, manager in model.managers.items()
        },
        "order of managers": list(model.managers),
        "default manager": model.default_manager.name,
        "base manager": model.base_manager.name if model.base_manager.member is not None else "_base_manager",
        "lookups": sorted(
            name for name, relation in model.lookups.items() if relation.kind.value.startswith("reverse")
        ),
    }


def _jsonable(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _counts(cls: Class) -> bool:
    return cls.is_ours


def _listed(value: object) -> list[str]:
    return [item if isinstance(item, str) else "?" for item in value] if isinstance(value, tuple) else []


def _key(model: Model) -> list[object]:
    key = model.primary_key
    if key.field is not None:
        return [key.field.name, False]
    link = next((f"{parent.name.lower()}_ptr" for parent in model.parents), None)
    return [link if key.kind is KeyKind.LINKED else "id", True]
