"""Models of many shapes, beside those that Django itself builds of the same text."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.linked import linked
from tests.project.model_tables import Table, by_django, by_the_tool

_ROOT = Path(__file__).parents[2]

_SETTINGS = """
SECRET_KEY = "for tests"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "people",
    "shop.apps.ShopConfig",
    "shop.ledger",
    "library",
]
AUTH_USER_MODEL = "people.Person"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""

_PROJECT = {
    "settings.py": _SETTINGS,
    "manage.py": "",
    "core/__init__.py": "from .bases import *\n",
    "core/bases/__init__.py": """
        from .named import Named, Ordered as _Ordered
        from .stamped import Stamped
        from .. import mixins
        __all__ = ["Named", "Stamped", "Ranked"]
        Ranked = _Ordered
    """,
    "core/mixins.py": """
        class Loud:
            def shout(self):
                return self.name.upper()


        class Nameless:
            name = None


        class Described:
            class Meta:
                ordering = ["from_mixin"]
    """,
    "core/bases/named.py": """
        from __future__ import annotations

        from typing import TYPE_CHECKING

        from django.db import models as m

        from ..managers import AliveManager

        if TYPE_CHECKING:
            from shop.models import Order


        class Named(m.Model):
            name = m.CharField(max_length=80)
            objects = AliveManager()

            class Meta:
                abstract = True
                ordering = ["name"]


        class Ordered(Named):
            rank = m.IntegerField(default=0)
            keeper = m.ForeignKey(
                "people.Person", m.SET_NULL, null=True, related_name="%(app_label)s_%(class)s_kept",
                related_query_name="%(class)s_of_keeper",
            )

            class Meta(Named.Meta):
                abstract = True
                ordering = ["rank"]
                get_latest_by = "rank"
                default_related_name = "%(class)s_things"
    """,
    "core/bases/stamped.py": """
        from django.conf import settings
        from django.db import models


        class Stamped(models.Model):
            created = models.DateTimeField(auto_now_add=True)
            author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
            parent = models.ForeignKey("self", models.CASCADE, null=True)
            peers = models.ManyToManyField("self")

            class Meta:
                abstract = True
                ordering = ("-created",)
    """,
    "core/managers.py": """
        from django.db import models


        class AliveQuerySet(models.QuerySet):
            def alive(self):
                return self.filter(dead=False)


        class CountingQuerySet(AliveQuerySet):
            pass


        class AliveManager(models.Manager.from_queryset(AliveQuerySet)):
            def bury(self):
                pass


        CountingManager = AliveManager.from_queryset(CountingQuerySet)


        class PublicManager(models.Manager):
            def get_queryset(self):
                return super().get_queryset().filter(public=True)


        class LikeListed(AliveQuerySet.as_manager().__class__):
            pass


        def kept_manager(**scope):
            class KeptManager(PublicManager().__class__):
                pass

            return KeptManager()


        def some_number():
            return 3


        def listed_manager():
            return LikeListed()
    """,
    "people/__init__.py": "",
    "people/apps.py": """
        from django.apps import AppConfig


        class PeopleConfig(AppConfig):
            name = "people"
            default = True


        class OtherConfig(AppConfig):
            name = "people"
            label = "folk"
    """,
    "people/models/__init__.py": """
        from .person import Person, Staff
        from .groups import Crew, Membership, Badge
    """,
    "people/models/person.py": """
        import uuid

        from django.contrib.auth.models import AbstractUser, UserManager
        from django.db import models


        class PersonManager(UserManager):
            pass


        class Person(AbstractUser):
            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            mentor = models.ForeignKey("Person", models.SET_NULL, null=True)
            friends = models.ManyToManyField("people.Person", related_name="befriended_by")

            objects = PersonManager()


        class Staff(Person):
            class Meta:
                proxy = True
                ordering = ["username"]

            staff = models.Manager()
    """,
    "people/models/groups.py": """
        from django.contrib.auth import get_user_model
        from django.db import models

        from .person import Person


        class Crew(models.Model):
            members = models.ManyToManyField(Person, through="Membership", through_fields=("crew", "person"))
            chiefs = models.ManyToManyField(get_user_model(), related_name="led", db_table="chiefs")

            class Meta:
                default_related_name = "crews"


        class Membership(models.Model):
            crew = models.ForeignKey(Crew, models.CASCADE)
            person = models.ForeignKey(Person, models.CASCADE)
            inviter = models.ForeignKey("people.Staff", models.CASCADE, related_name="invitations")


        class Badge(models.Model):
            person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
            spare_of = models.OneToOneField(Person, models.CASCADE, related_name="spare", null=True)
    """,
    "shop/__init__.py": "",
    "shop/apps.py": """
        from django import apps


        class ShopConfig(apps.AppConfig):
            name = "shop"
            label = "store"
            default_auto_field = "django.db.models.AutoField"
    """,
    "shop/ledger/__init__.py": "",
    "shop/ledger/models.py": """
        from django.db import models

        from shop.models import Order


        class Entry(models.Model):
            order = models.ForeignKey(Order, models.CASCADE)
            settles = models.ManyToManyField("store.Order", related_query_name="settled_by")
    """,
    "shop/parts/__init__.py": "",
    "shop/parts/stock.py": """
        from django.db import models


        class Shelf(models.Model):
            order = models.ForeignKey("Order", models.CASCADE, related_name="shelves")


        class Order(models.Model):
            class Meta:
                app_label = "ledger"
    """,
    "shop/models.py": """
        from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
        from django.contrib.contenttypes.models import ContentType
        from django.db import models

        from core import Named, Ranked, Stamped
        from core.managers import AliveQuerySet, CountingManager, LikeListed, PublicManager
        from core.managers import kept_manager, listed_manager, some_number
        from core.mixins import Described, Loud, Nameless

        try:
            from fast_fields import SlugField
        except ImportError:
            from django.db.models import SlugField


        class Tag(models.Model):
            slug = SlugField(primary_key=True)
            about_type = models.ForeignKey(ContentType, models.CASCADE)
            about_id = models.PositiveIntegerField()
            about = GenericForeignKey("about_type", "about_id")


        class Order(Ranked, Loud, Stamped):
            tags = GenericRelation(Tag, "about_id", "about_type", related_query_name="order")
            watchers = models.ManyToManyField("people.Person", blank=True)

            public = PublicManager()
            counting = CountingManager()
            listed = AliveQuerySet.as_manager()
            like_listed = LikeListed()
            kept = kept_manager(owner="watchers")
            made_elsewhere = listed_manager()
            number = some_number()


        class Gift(Order):
            wrapping = models.TextField()


        class Surprise(Gift):
            class Meta:
                ordering = ["wrapping"]

            objects = models.Manager()


        class Voucher(Order):
            base = models.OneToOneField(Order, models.CASCADE, parent_link=True, related_name="as_voucher")
            code = models.CharField(max_length=8, unique=True)

            class Meta:
                default_manager_name = "counting"
                base_manager_name = "listed"
                managed = False


        class GroupVoucher(Voucher):
            pass


        class Gone(models.Model):
            name = None

            class Meta:
                abstract = True


        class Kept(Gone, Named):
            pass


        class Quiet(Nameless, Named):
            title = models.TextField()


        class Removed(Named):
            name = None


        class Renamed(Named):
            name = models.SlugField()

            class Meta(Named.Meta):
                verbose_name = "renamed"


        class Plain(Described, models.Model):
            from_mixin = models.IntegerField()


        class Cheap(Order):
            class Meta:
                proxy = True

            bargains = PublicManager()


        class CheapNote(models.Model):
            order = models.ForeignKey(Cheap, models.CASCADE)
            first = models.ForeignKey("store.Gift", models.CASCADE, related_name="first_notes")
            cheap_again = models.OneToOneField("Cheap", models.CASCADE, related_name="noted")


        if Tag is not None:
            class Conditional(models.Model):
                order = models.ForeignKey(to="Order", on_delete=models.CASCADE, related_name="")

                class Meta:
                    managed = False
                    get_latest_by = ["order"]

        from shop.parts.stock import Shelf, Order as LedgerOrder
    """,
    "library/__init__.py": "",
    "library/models.py": """
        from django.db import models
        from shop import models as shop_models


        class Unmanaged(models.Model):
            class Meta:
                abstract = True
                managed = False
                app_label = "library"


        class Legacy(Unmanaged):
            pass


        class Order(shop_models.Named):
            of = models.ForeignKey(shop_models.Order, models.CASCADE, related_query_name="copy")


        class A(models.Model):
            a = models.IntegerField()

            class Meta:
                ordering = ["a"]


        class B(A):
            class Meta:
                verbose_name = "b"


        class AWithMore(A):
            more = models.Manager()
            a: int


        class Pair(models.Model):
            pk = models.CompositePrimaryKey("left", "right")
            left = models.IntegerField()
            right = models.IntegerField()


        class Piece(models.Model):
            id = models.UUIDField(primary_key=True)
            whole = models.ForeignKey("self", models.CASCADE, null=True, related_name="pieces")
            mates = models.ManyToManyField("self", symmetrical=False, related_name="mated")


        class Chip(Piece):
            half = models.OneToOneField("self", models.CASCADE, related_name="other_half")
            piece_key = models.AutoField


        class Twin(Piece, A):
            objects = models.Manager()
            pieces_of_twin = models.ManyToManyField(Piece, "twin_of")
    """,
}


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Table], dict[str, Table]]:
    folder = tmp_path_factory.mktemp("nasty")
    files = {path: dedent(text) for path, text in _PROJECT.items()}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return by_django(folder, "settings"), by_the_tool(linked(files))


_NASTY = (
    "people.Person", "people.Staff", "people.Crew", "people.Membership", "people.Badge", "ledger.Entry",
    "ledger.Order", "store.Shelf", "store.Tag", "store.Order", "store.Gift", "store.Surprise", "store.Voucher",
    "store.GroupVoucher", "store.Kept", "store.Quiet", "store.Removed", "store.Renamed", "store.Plain",
    "store.Cheap", "store.CheapNote", "store.Conditional", "library.Legacy", "library.Order", "library.A",
    "library.AWithMore", "library.B", "library.Pair", "library.Piece", "library.Chip", "library.Twin",
)  # fmt: skip


def test_the_models_are_those_that_django_finds(nasty: tuple[dict[str, Table], dict[str, Table]]) -> None:
    django, tool = nasty
    assert sorted(tool) == sorted(_NASTY)
    assert sorted(label for label, table in django.items() if not table["class"].startswith("django.")) == sorted(
        _NASTY
    )


@pytest.mark.parametrize("label", _NASTY)
def test_a_model_is_what_django_makes_of_it(nasty: tuple[dict[str, Table], dict[str, Table]], label: str) -> None:
    django, tool = nasty
    assert tool[label] == django[label]


@pytest.mark.parametrize(
    ("fixture", "settings", "refused"),
    [("legacy_shop", "config.settings.test", None), ("specialist", "school.settings", "courses.RatedCourse")],
)
def test_the_models_of_a_fixture_are_those_of_django(fixture: str, settings: str, refused: str | None) -> None:
    # What Django refuses to build (a constraint without a name) is read all the same.
    folder = _ROOT / "fixtures" / fixture
    files = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    django = {
        label: table
        for label, table in by_django(folder, settings).items()
        if not table["class"].startswith(("django.", "rest_framework."))
    }
    tool = by_the_tool(linked(files))
    assert {label: table for label, table in tool.items() if label != refused} == django
