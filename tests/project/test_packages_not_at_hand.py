"""What a project takes from packages that are neither installed nor described: known as far as their names tell."""

from __future__ import annotations

import pytest

from djlint_spec.project import Class, Module, Project, Unknown
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from tests.linked import class_of, linked, symbol

_TEXT = """
    from django.contrib.auth import get_user_model
    from django.db import models
    from nowhere import fields
    from nowhere.models import Thing, ThingManager, ThingQuerySet
    from taggit.managers import TaggableManager

    from shop import settings as conf

    User = get_user_model()
    TARGET = "Late"


    class Order(models.Model):
        plain = fields.FancyField()
        odd = fields.something()
        owner = fields.FancyForeignKey("Late", models.CASCADE)
        twin = fields.FancyOneToOneField("self")
        peers = fields.FancyManyToManyField("Late", related_name="orders")
        tags = TaggableManager()
        thing = models.ForeignKey(Thing, models.CASCADE)
        lost = models.ForeignKey("nowhere.Thing", models.CASCADE)
        blind = models.ForeignKey(*ARGUMENTS)
        user = models.ForeignKey(User, models.CASCADE)
        keeper = models.ForeignKey(conf.AUTH_USER_MODEL, models.CASCADE, related_name="kept")
        late = models.ForeignKey(TARGET, models.CASCADE, related_name=pick())
        inner = models.ForeignKey("Inner", models.CASCADE)
        picked = models.ForeignKey(pick(), models.CASCADE)
        text = models.ForeignKey(Text, models.CASCADE)
        mates = models.ManyToManyField("Order", symmetrical=True)

        objects = ThingManager()
        listed = ThingQuerySet.as_manager()
        made = models.Manager.from_queryset(ThingQuerySet)()
        other = Thing()
        number = 3


    class Inner(models.Model):
        class Meta:
            app_label = "elsewhere"


    class Late(models.Model):
        pass


    class Text:
        pass
"""


@pytest.fixture(scope="module")
def order() -> Model:
    project = linked(
        {"shop/__init__.py": "", "shop/models.py": _TEXT, "shop/settings.py": "AUTH_USER_MODEL = 'shop.Late'"}
    )
    model = project.models.of(class_of(project, "shop.models.Order"))
    assert model is not None
    return model


def test_field_classes_count_by_their_name(order: Model) -> None:
    assert "plain" in order.fields and "odd" not in order.fields
    assert order.forward["owner"].kind is RelationKind.FOREIGN_KEY
    assert order.forward["twin"].kind is RelationKind.ONE_TO_ONE
    assert order.forward["peers"].kind is RelationKind.MANY_TO_MANY
    assert "plain" not in order.forward


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("owner", "shop.Late"),
        ("twin", "shop.Order"),
        ("tags", "taggit.Tag"),
        ("thing", Unknown("model of a package not at hand", "nowhere.models.Thing")),
        ("lost", Unknown("model of that label not at hand", "nowhere.Thing")),
        ("blind", Unknown("relation without a visible target", "blind")),
        ("user", "shop.Late"),
        ("keeper", "shop.Late"),
        ("late", "shop.Late"),
        ("inner", "elsewhere.Inner"),
        ("picked", Unknown("relation to a computed model", "pick()")),
        ("text", Unknown("related class is not known to be a model", "shop.models.Text")),
    ],
)
def test_a_relation_leads_to_a_model_or_says_why_not(order: Model, name: str, target: str | Unknown) -> None:
    found = order.forward[name].target
    assert (found.label if isinstance(found, Model) else found) == target


def test_what_a_hidden_name_or_a_symmetrical_relation_puts_back_is_nothing(order: Model) -> None:
    late = order.forward["late"].target
    assert isinstance(late, Model)
    assert {name for name, relation in late.reverse.items() if relation.target is order} == {
        "order_set",
        "orders",
        "kept",
    }
    assert "mates" in order.relations and not any(r.field is order.fields["mates"] for r in order.reverse.values())


def test_managers_of_packages_are_managers_that_are_not_known(order: Model) -> None:
    assert list(order.managers) == ["objects", "listed", "made"]
    assert [manager.unresolved is not None for manager in order.managers.values()] == [True, True, True]
    assert order.default_manager.name == "objects" and order.default_manager.method("alive") is None
    assert repr(order) == "Model('shop.models.Order')"


def _model_in(project: Project, text: str) -> Model | Unknown:
    module = project.module("shop.uses")
    assert isinstance(module, Module)
    (binding,) = module.bindings.names[text]
    return project.model_in(binding.value, module.scope)  # type: ignore[union-attr,arg-type]  # `name = expression`


def test_an_expression_names_a_model_through_aliases_or_is_unknown() -> None:
    uses = """
        from django.contrib.auth import get_user_model
        from nowhere import Thing
        from shop.models import Late, Text
        a = Late
        b = a
        user = get_user_model()
        made = user
        text = Text
        thing = Thing
        computed = pick().x
        other = gone
    """
    files = {"shop/__init__.py": "", "shop/models.py": _TEXT, "shop/uses.py": uses, "shop/settings.py": ""}
    project = linked(files, user_model="shop.Late")
    assert {name: m.label if isinstance(m := _model_in(project, name), Model) else m.cause for name in
            ("a", "b", "user", "made", "text", "thing", "computed", "other")} == {
        "a": "shop.Late", "b": "shop.Late", "user": "shop.Late", "made": "shop.Late",
        "text": "class is not known to be a model", "thing": "model of a package not at hand",
        "computed": "attribute of a value", "other": "name not defined",
    }  # fmt: skip


def test_a_model_is_named_in_a_package_by_its_app() -> None:
    project = linked({"m.py": ""})
    for label, found in (("auth.user", "auth.User"), ("contenttypes.ContentType", "contenttypes.ContentType")):
        model = project.models.named(label)
        assert model is not None and model.label == found
    for label in ("auth.Nobody", "gone.Thing", "Thing"):
        assert project.models.named(label) is None


def test_a_class_with_columns_and_an_unknown_base_is_undecided() -> None:
    text = """
        from django.db import models
        from nowhere import Base, mixin
        class A(Base):
            name = models.CharField(max_length=3)
        class B(Base):
            name = "plain"
        class C(mixin(A)):
            other = models.TextField()
    """
    project = linked({"shop/models.py": text})
    assert {cls.name for cls, _ in project.models.undecided} == {"A", "C"}
    assert isinstance(project.models.user, Model)
    lost = linked({"shop/models.py": text}, user_model="shop.Nobody")
    assert lost.models.user == Unknown("user model not at hand", "shop.Nobody")


def test_a_base_that_is_no_class_is_unknown() -> None:
    lines = ("import json", "def f(): pass", "x = 3", "y: int")
    classes = [f"class {name}({base}): pass" for name, base in zip("ABCD", ("f", "json", "x", "y"), strict=True)]
    project = linked({"m.py": "\n".join([*lines, *classes])})
    causes = [class_of(project, f"m.{name}").unresolved_bases[0].cause for name in "ACD"]
    assert causes == ["base class is no class", "base class is a value", "declared without a value"]
    assert isinstance(symbol(project, "m.B"), Class)


def test_a_package_that_is_described_resolves_what_stands_on_it() -> None:
    project = linked(
        {
            "shop/__init__.py": "",
            "shop/models.py": """
                from django.db import models
                from django_scopes import ScopedManager
                from rules.contrib.models import RulesModelBase, RulesModelMixin
                from solo.models import SingletonModel

                class ThingQuerySet(models.QuerySet):
                    def alive(self):
                        return self.filter(alive=True)

                class ThingManager(models.Manager.from_queryset(ThingQuerySet)):
                    pass

                class Thing(RulesModelMixin, models.Model, metaclass=RulesModelBase):
                    alive = models.BooleanField()
                    objects = ScopedManager(site="site", _manager_class=ThingManager)
                    plain = ScopedManager(site="site")

                class Site(SingletonModel):
                    name = models.CharField(max_length=9)
            """,
        }
    )
    thing = project.models.of(class_of(project, "shop.models.Thing"))
    assert thing is not None and not thing.cls.unresolved_bases
    managers = thing.managers
    assert managers["objects"].method("alive") is not None
    assert managers["plain"].method("alive") is None and managers["plain"].unresolved is None
    assert project.models.of(class_of(project, "shop.models.Site")) is not None
