"""A bug in one rule takes nothing else along."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from djlint_spec import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import rulebook
from djlint_spec.engine.judging import judge
from djlint_spec.engine.rulebook import Rulebook
from djlint_spec.project import Class, Function, Module, Project
from djlint_spec.project.models import Model
from djlint_spec.project.serializers import Serializer
from djlint_spec.project.views import View
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.rules import Rule
from djlint_spec.rules.subjects import SUBJECTS, place_of
from tests.linked import linked

FILES = {
    "shop/models.py": """\
from django.db import models


class Order(models.Model):
    def total(self):
        return 1
""",
    "shop/views.py": """\
from rest_framework import serializers, viewsets
from shop.models import Order


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id"]


class OrderViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
""",
    "shop/urls.py": """\
from rest_framework.routers import DefaultRouter
from shop.views import OrderViewSet

router = DefaultRouter()
router.register("orders", OrderViewSet)
urlpatterns = router.urls
""",
}


def broken(subject: object, project: Project) -> Iterator[Finding]:
    if subject is not None:
        raise KeyError("a name\nof two lines")
    yield from ()


def with_broken(code: str, subject: type[object]) -> Rulebook:
    book = rulebook()
    rule = Rule(book.pages[code].name, subject, broken, takes_options=False)
    return Rulebook(book.pages, lambda: (*(known for known in book.rules.values() if known.name != rule.name), rule))


def test_the_other_rules_do_their_work() -> None:
    judged = judge(linked(FILES), with_broken("DJS201", Model), ("DJS101", "DJS201"), Config())
    assert [judgement.code for judgement in judged.judgements] == ["DJS101"]
    assert len(judged.faults) == 1


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        (Model, ("shop/models.py", 4)),
        (Class, ("shop/models.py", 4)),
        (Function, ("shop/models.py", 5)),
        (Module, ("shop/models.py", 1)),
        (Serializer, ("shop/views.py", 5)),
        (View, ("shop/views.py", 11)),
        (ListEndpoint, ("shop/views.py", 11)),
        (Project, ("", 1)),
    ],
)
def test_a_fault_names_rule_place_and_error(subject: type[object], place: tuple[str, int]) -> None:
    fault = judge(linked(FILES), with_broken("DJS201", subject), ("DJS201",), Config()).faults[0]
    assert fault.rule == "DJS201 missing-select-related"
    assert (fault.path, fault.row) == place
    assert fault.error == "KeyError: 'a name\\nof two lines'"
    assert fault.raised_at.startswith("test_faults.py:")
    assert fault.traceback.startswith("Traceback")


def test_a_fault_while_subjects_are_gathered_is_one_of_the_rule() -> None:
    class Unheard:
        """No subject of this type can be gathered."""

    judged = judge(linked(FILES), with_broken("DJS201", Unheard), ("DJS101", "DJS201"), Config())
    assert [(fault.rule, fault.path) for fault in judged.faults] == [("DJS201 missing-select-related", "")]
    assert [judgement.code for judgement in judged.judgements] == ["DJS101"]


def test_every_subject_of_the_fixtures_has_a_place() -> None:
    project = linked(FILES)
    for subject, gather in SUBJECTS.items():
        if subject is not Project:
            assert all(place_of(one)[0] for one in gather(project)), subject
