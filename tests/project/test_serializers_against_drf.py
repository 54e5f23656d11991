"""The fields of many shapes of serializers, beside those that DRF itself builds of the same text."""

from __future__ import annotations

from typing import Any

import pytest

from djlint_spec.project import Project
from djlint_spec.project.serializers import FieldKind, SerializerField
from tests.linked import class_of, linked
from tests.running import run

_MODELS = """
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Country(models.Model):
    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=80)


class Company(Stamped):
    name = models.CharField(max_length=80)
    country = models.ForeignKey(Country, models.CASCADE, to_field="code", related_name="companies")
    partners = models.ManyToManyField("self", editable=False)


class Tag(models.Model):
    name = models.CharField(max_length=80, primary_key=True)


class Note(models.Model):
    text = models.TextField()
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveIntegerField()
    about = GenericForeignKey()


class Customer(models.Model):
    name = models.CharField(max_length=80)
    company = models.ForeignKey(Company, models.CASCADE, related_name="customers")
    secret = models.CharField(max_length=8, serialize=False, default="")

    @property
    def initials(self):
        return self.name[:1]


class Profile(models.Model):
    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True)
    bio = models.TextField()


class Order(Stamped):
    STATES = [("n", "new"), ("p", "paid")]
    code = models.SlugField(unique=True)
    state = models.CharField(max_length=1, choices=STATES)
    customer = models.ForeignKey(Customer, models.CASCADE)
    tags = models.ManyToManyField(Tag, related_name="orders")
    gifts = models.ManyToManyField("self", editable=False, symmetrical=False)
    notes = GenericRelation(Note)

    def total(self):
        return 1


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    quantity = models.IntegerField()


class SpecialOrder(Order):
    reason = models.TextField()
"""

_CONSTANTS = """
SHORT = ("code", "state")
EXTRA = ["customer"]
EXTRA += ["tags"]
HIDDEN = {"code": {"write_only": True}}
"""

_SERIALIZERS = """
from rest_framework import fields, relations, serializers
from rest_framework import serializers as drf
from rest_framework.relations import PrimaryKeyRelatedField as KeyField
from rest_framework.serializers import ALL_FIELDS, ModelSerializer
from shop import constants
from shop.constants import EXTRA, SHORT
from shop.models import *


class CountrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Country
        fields = "__all__"


class CompanyAll(ModelSerializer):
    class Meta:
        model = Company
        fields = ALL_FIELDS


class CompanyNested(CompanyAll):
    country = CountrySerializer()
    partners = CompanyAll(many=True, read_only=True)
    town = drf.CharField(source="country.name", read_only=True)

    class Meta(CompanyAll.Meta):
        fields = ("name", "country", "partners", "town")


class CustomerExclude(serializers.ModelSerializer):
    company_name = serializers.CharField(source="company.name")

    class Meta:
        model = Customer
        exclude = ["company"]


class CustomerAll(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = "__all__"


class CustomerListed(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = ["pk", "id", "name", "initials", "company_id", "profile", "order_set", "url", "secret"]


class ProfileAll(serializers.ModelSerializer):
    class Meta:
        model = Profile
        fields = "__all__"


class ProfileDeep(serializers.ModelSerializer):
    class Meta:
        model = Profile
        fields = ["customer", "bio"]
        depth = 1


class OrderAll(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = "__all__"


class OrderShort(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = SHORT


class OrderLonger(OrderShort):
    class Meta(OrderShort.Meta):
        fields = OrderShort.Meta.fields + ("id", *EXTRA)
        extra_kwargs = {**constants.HIDDEN, "client": {"source": "customer"}, "tags": {"read_only": True}}


class OrderLongest(OrderLonger):
    class Meta(OrderLonger.Meta):
        fields = [*OrderLonger.Meta.fields, "lines"]
        fields += ["client"]
        read_only_fields = ("lines",)


class OrderWithout(OrderLongest):
    class Meta(OrderLongest.Meta):
        fields = [name for name in OrderLongest.Meta.fields if name not in ("state", "lines")]


class OrderDifference(OrderLongest):
    class Meta(OrderLongest.Meta):
        fields = tuple(set(OrderLongest.Meta.fields) - {"state"})


class OrderDeep(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["code", "customer", "tags", "lines", "total", "get_state_display"]
        depth = 2


class OrderFields(serializers.ModelSerializer):
    key = KeyField(source="customer", read_only=True)
    keys = KeyField(source="tags", many=True, read_only=True)
    slug = serializers.SlugRelatedField("name", source="customer", read_only=True)
    slugs = serializers.SlugRelatedField(slug_field="name", source="tags", many=True, read_only=True)
    text = relations.StringRelatedField(source="customer")
    texts = relations.StringRelatedField(source="tags", many=True)
    link = serializers.HyperlinkedRelatedField(source="customer", view_name="x", read_only=True)
    links = serializers.HyperlinkedRelatedField(source="tags", many=True, view_name="x", read_only=True)
    here = serializers.HyperlinkedIdentityField(view_name="x")
    version = serializers.SerializerMethodField("get_it")
    named = serializers.SerializerMethodField()
    total = fields.ReadOnlyField()
    hidden = serializers.HiddenField(default=1)
    password = serializers.CharField(write_only=True)
    numbers = serializers.ListField(child=serializers.IntegerField(), source="total")
    whole = CustomerAll(source="*")
    items = serializers.ListField(child=CustomerAll(), source="total")
    rows = serializers.ListSerializer(child=CustomerAll(), source="lines")

    class Meta:
        model = Order
        fields = [
            "key", "keys", "slug", "slugs", "text", "texts", "link", "links", "here", "version", "named", "total",
            "hidden", "password", "numbers", "whole", "items", "rows", "notes",
        ]

    def get_it(self, obj): ...
    def get_named(self, obj): ...


class OrderHyperlinked(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Order
        fields = ["url", "code", "customer", "tags", "lines"]


class CompanyHyperlinked(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Company
        fields = ["country", "partners", "customers"]


class SpecialAll(serializers.ModelSerializer):
    class Meta:
        model = SpecialOrder
        fields = "__all__"


class Plain(serializers.Serializer):
    a = serializers.CharField()
    b = serializers.IntegerField(source="c.d")


class Without(Plain):
    a = None
    c = serializers.CharField()


class Method(Plain):
    def b(self): ...


class Left(Plain):
    pass


class Right(Plain):
    a = serializers.IntegerField()
    z = serializers.CharField()


class Diamond(Left, Right):
    pass


class NoneLeft(Plain):
    b = None


class NoneDiamond(NoneLeft, Right):
    pass


class PlainMixin:
    m = serializers.CharField()
    a = None


class Mixed(PlainMixin, Plain):
    pass


class MetaMixin(metaclass=serializers.SerializerMetaclass):
    m = serializers.CharField()


class MetaMixed(MetaMixin, Plain):
    pass


class Popping(Right):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("a")
        del self.fields["b"]
        self.fields["added"] = serializers.StringRelatedField()


class Getting(Right):
    def get_fields(self):
        fields = super().get_fields()
        fields["more"] = CustomerAll(many=True)
        fields.update({"most": serializers.CharField()})
        return fields


class NameField(serializers.SlugRelatedField):
    def __init__(self, **kwargs):
        super().__init__(slug_field="name", **kwargs)


class KeyText(serializers.PrimaryKeyRelatedField):
    def to_representation(self, value):
        return str(value.pk)


class Loud(serializers.RelatedField):
    def to_representation(self, value):
        return value.name.upper()


class Shout(serializers.CharField):
    def to_representation(self, value):
        return value.upper()


def loudly():
    return Shout(source="name")


SHARED = serializers.CharField(source="customer.name")


class Customs(serializers.Serializer):
    name = NameField(read_only=True)
    key = KeyText(read_only=True)
    loud = Loud(read_only=True, many=True)
    shout = Shout()
    made = loudly()
    shared = SHARED


class OrderRelated(serializers.ModelSerializer):
    serializer_related_field = KeyText

    class Meta:
        model = Order
        fields = ["customer", "tags", "lines", "code"]
"""

_QUESTION = """
import json
from rest_framework import relations, serializers
from rest_framework.fields import Field
from shop import serializers as ours


def kind(field, many=""):
    name = type(field).__name__
    if isinstance(field, relations.ManyRelatedField):
        return kind(field.child_relation, " many")
    if isinstance(field, serializers.ListSerializer):
        return kind(field.child, " many")
    if isinstance(field, serializers.ListField) and isinstance(field.child, serializers.BaseSerializer):
        return "nested many"
    if isinstance(field, serializers.BaseSerializer):
        return ("depth nested" if name == "NestedSerializer" else "nested") + many
    if type(field).__module__ == "shop.serializers" and "to_representation" in vars(type(field)):
        return "primary key" if name == "KeyText" and not many else "custom" + many
    for cls, text in (
        (relations.PrimaryKeyRelatedField, "primary key"), (relations.SlugRelatedField, "slug"),
        (relations.StringRelatedField, "string"), (relations.HyperlinkedIdentityField, "hyperlink identity"),
        (relations.HyperlinkedRelatedField, "hyperlink"), (serializers.SerializerMethodField, "method"),
        (serializers.ReadOnlyField, "read-only field"),
    ):
        if isinstance(field, cls):
            return text + ("" if text == "method" else many)
    return "plain"


answer = {}
for name, cls in vars(ours).items():
    if not isinstance(cls, type) or cls.__module__ != ours.__name__ or not issubclass(cls, serializers.Serializer):
        continue
    try:
        fields = cls().fields
    except Exception as error:
        answer[name] = str(error)
        continue
    answer[name] = {
        key: [
            kind(field),
            field.source,
            field.write_only,
            getattr(getattr(field, "child_relation", field), "slug_field", None),
        ]
        for key, field in fields.items()
    }
print(json.dumps(answer))
"""

_FILES = {
    "shop/__init__.py": "",
    "shop/models.py": _MODELS,
    "shop/constants.py": _CONSTANTS,
    "shop/serializers.py": _SERIALIZERS,
    "urls.py": "urlpatterns = []",
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("shop"), _FILES, _QUESTION)


@pytest.fixture(scope="module")
def read() -> Project:
    return linked(_FILES)


def _told(field: SerializerField) -> list[object]:
    kind = FieldKind.PLAIN if field.kind is FieldKind.MODEL_DEFAULT else field.kind
    return [kind.value, field.source, field.write_only, field.slug_field]


_NAMES = [
    line.removeprefix("class ").partition("(")[0]
    for line in _SERIALIZERS.splitlines()
    if line.startswith("class ")
    and "Field" not in line.partition("(")[2]
    and "Mixin(" not in line
    and "PlainMixin:" not in line
]


@pytest.mark.parametrize("name", _NAMES)
def test_fields_are_those_that_drf_builds(name: str, real: Any, read: Project) -> None:
    serializer = read.serializers.of(class_of(read, f"shop.serializers.{name}"))
    assert serializer is not None
    assert serializer.unknown == ()
    assert {key: _told(field) for key, field in serializer.fields.items()} == real[name]


def test_every_serializer_was_compared(real: Any) -> None:
    assert set(real) == set(_NAMES)
