"""Lists and options as Meta may write them: what is known of them, and what is not."""

from __future__ import annotations

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.project import Project, Scope
from djlint_spec.project.field_lists import entries_in, names_in
from djlint_spec.project.serializers import FieldKind, Serializer
from djlint_spec.project.symbols import Assigned
from tests.linked import linked

_OTHER = 'BASE = ["a", "b"]\nWORD = "c"\nNUMBER = 3\nKW = {"a": 1}\n'


def _given(text: str) -> tuple[Project, t.Expr, Scope]:
    """A project in which `X` is given an expression, the expression, and where it stands."""
    start = "import other\nfrom other import BASE, KW, NUMBER, WORD\n"
    project = linked({"m.py": f"{start}X = {text}", "other.py": _OTHER})
    home = project.module("m")
    assert home is not None
    (binding,) = home.bindings.names["X"]
    assert isinstance(binding, Assigned) and binding.value is not None
    return project, binding.value, home.scope


@pytest.mark.parametrize(
    ("text", "names", "cause"),
    [
        ('("a", "b")', "ab", None),
        ('["a", *BASE, WORD]', "abc", None),
        ("other.BASE + [WORD]", "abc", None),
        ('{"a"} | set(BASE)', "ab", None),
        ('sorted(set(BASE) - {"a"})', "b", None),
        ("[x for x in BASE]", "ab", None),
        ('[x for x in BASE if x != "a"]', "b", None),
        ('[x for x in BASE if x not in ("b", WORD)]', "a", None),
        ("[x for x in BASE if ok(x)]", "ab", "names filtered at run time"),
        ("[x for x in BASE if x not in gone()]", "ab", "names listed at run time"),
        ("[x.name for x in BASE]", "", "names listed at run time"),
        ("[WORD, NUMBER]", "c", "name that is no string"),
        ("[WORD, lost]", "c", "name not defined"),
        ("BASE + pick()", "ab", "names listed at run time"),
        ("lost + BASE", "ab", "name not defined"),
        ("[*BASE, *len]", "ab", "names listed at run time"),
        ("(" * 30 + "BASE" + ",)[0:]" * 30, "", "names listed at run time"),
        ("list(" * 30 + "BASE" + ")" * 30, "", "list of names nested too deeply"),
    ],
)
def test_names_are_folded_as_far_as_they_go(text: str, names: str, cause: str | None) -> None:
    found = names_in(*_given(text))
    assert "".join(found.names) == names
    assert [unknown.cause for unknown in found.unknown][:1] == ([cause] if cause else [])


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ('{"a": 1, WORD: 2}', {"a": "1", "c": "2"}),
        ('{**KW, "b": 2}', {"a": "1", "b": "2"}),
        ("dict(KW, b=2)", {"a": "1", "b": "2"}),
        ("dict(b=2, **KW)", {"a": "1", "b": "2"}),
        ('other.KW | {"b": 2}', {"a": "1", "b": "2"}),
        ('{pick(): 1, "a": 2}', {"a": "2"}),
        ("pick()", {}),
        ("dict(" * 30 + "KW" + ")" * 30, {}),
    ],
)
def test_entries_are_folded_as_far_as_they_go(text: str, entries: dict[str, str]) -> None:
    found = entries_in(*_given(text))
    assert {name: given.scope.module.text(given.expr) for name, given in found.items()} == entries


_SERIALIZERS = """
    from django.db import models
    from nowhere import fields, serializers as theirs
    from nowhere.models import Gone
    from rest_framework import serializers


    class Order(models.Model):
        code = models.TextField()
        owner = models.ForeignKey("self", models.CASCADE)


    def made():
        return serializers.CharField(source="code")


    def either(x):
        if x:
            return serializers.CharField()
        return serializers.IntegerField()


    class KeyOnly(serializers.PrimaryKeyRelatedField):
        def to_representation(self, value):
            return str(value.pk)


    class Passing(serializers.CharField):
        def get_attribute(self, instance):
            return instance


    class S(serializers.Serializer):
        fancy = fields.FancyField()
        slug = fields.SlugRelatedField("code")
        slugs = fields.SlugRelatedField("code", many=True)
        odd = fields.OddRelatedField()
        method = fields.SerializerMethodField()
        nested = theirs.GoneSerializer()
        number = int()
        text = made()
        other = either(1)
        key = KeyOnly(read_only=True)
        keys = KeyOnly(read_only=True, many=True)
        whole = Passing()
        not_a_field = Order()


    class Based(theirs.Base):
        a = serializers.CharField()


    class Lost(serializers.ModelSerializer):
        class Meta:
            model = Gone
            fields = "__all__"


    class Bare(serializers.ModelSerializer):
        pass


    class Unlisted(serializers.ModelSerializer):
        class Meta:
            model = Order


    class Changing(serializers.Serializer):
        a = serializers.CharField()
        b = serializers.CharField()
        c = serializers.CharField()

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields.pop("a")
            if kwargs:
                del self.fields["b"]
            self.fields.update({"d": serializers.CharField(), name(): serializers.CharField()})
            self.fields["e"] = made()
            mine = self.fields
            mine["f"] = build()
            other["g"] = build()

        def get_fields(self):
            found = super().get_fields()
            found.update(more())
            return found


    class Rebuilding(serializers.Serializer):
        a = serializers.CharField()

        def get_fields(self):
            return build_fields()


    class Setting(serializers.Serializer):
        a = serializers.CharField()

        def __init__(self, *args, **kwargs):
            self.fields = pick()


    class Naming(serializers.ModelSerializer):
        class Meta:
            model = Order
            fields = ["code"]

        def get_field_names(self, *args):
            return pick()
"""


def _serializer(name: str) -> Serializer:
    project = linked({"m.py": _SERIALIZERS})
    found = next(s for s in project.serializers.all if s.cls.name == name)
    assert repr(found) == f"Serializer('m.{name}')"
    return found


def test_fields_of_packages_and_factories_count_by_what_is_seen_of_them() -> None:
    fields = _serializer("S").fields
    assert {name: field.kind for name, field in fields.items()} == {
        "fancy": FieldKind.PLAIN, "slug": FieldKind.SLUG, "slugs": FieldKind.SLUG_MANY, "odd": FieldKind.UNKNOWN,
        "method": FieldKind.METHOD, "nested": FieldKind.UNKNOWN, "text": FieldKind.PLAIN,
        "key": FieldKind.PRIMARY_KEY, "keys": FieldKind.CUSTOM_MANY, "whole": FieldKind.PLAIN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("Based", "base class of a package not at hand"),
        ("Lost", "model of a package not at hand"),
        ("Bare", "ModelSerializer without a model"),
        ("Unlisted", "no Meta.fields"),
        ("Changing", "fields added at run time"),
        ("Rebuilding", "fields made at run time"),
        ("Setting", "fields made at run time"),
        ("Naming", "field names made at run time"),
    ],
)
def test_what_is_not_seen_of_a_serializer_is_told(name: str, cause: str) -> None:
    project = linked({"m.py": _SERIALIZERS}, serializer_bases=("nowhere.serializers.Base",))
    found = next(s for s in project.serializers.all if s.cls.name == name)
    assert cause in [unknown.cause for unknown in found.unknown]


def test_fields_that_go_or_come_under_a_condition_are_optional() -> None:
    found = _serializer("Changing")
    assert {name: field.optional for name, field in found.fields.items()} == {
        "b": True, "c": False, "d": False, "e": False, "f": False,
    }  # fmt: skip
    assert len(found.dynamic) == 7


@pytest.mark.parametrize(
    ("init", "dropped_by", "optional"),
    [
        (
            "def __init__(self, *args, **kwargs):\n        for n in kwargs.pop('no', ()): self.fields.pop(n)",
            {"no"},
            False,
        ),
        ("def __init__(self, *a, no=(), **kw):\n        for n in no: self.fields.pop(n)", {"no"}, False),
        ("def __init__(self, no, **kw):\n        for n in no: self.fields.pop(n)", set[str](), True),
        (
            "def __init__(self, *a, **kw):\n        for n in set(self.fields) - LEFT: self.fields.pop(n)",
            set[str](),
            True,
        ),
        ("def __init__(self, *a, **kw):\n        no = kw\n        for n in no: self.fields.pop(n)", set[str](), True),
        ("def __init__(self, *a, **kw):\n        self.fields.pop(chosen)", set[str](), True),
        ("def __init__(self, *a, **kw):\n        self.fields.pop(kw['no'])", set[str](), True),
        ("def __init__(self, *a, **kwargs):\n        for n in kwargs.pop(NO): self.fields.pop(n)", set[str](), True),
    ],
)
def test_an_argument_that_names_fields_takes_no_others(init: str, dropped_by: set[str], optional: bool) -> None:
    text = f"""
from rest_framework import serializers


class Less(serializers.Serializer):
    a = serializers.CharField()

    {init}
"""
    (found,) = linked({"m.py": text}).serializers.all
    assert (set(found.fields["a"].dropped_by), found.fields["a"].optional) == (dropped_by, optional)
