"""Ways over relations share what was laid out for others: none of them may tell in the answer to another."""

from __future__ import annotations

import itertools
import random

import pytest

from djlint_spec.inference.loading import Loading, Path, Prefetched
from djlint_spec.project import Project
from djlint_spec.project.models import Model
from djlint_spec.queries.coverage import Coverage
from tests.linked import linked

_MODELS = """
from django.db import models


class Owner(models.Model):
    name = models.CharField(max_length=20)


class House(models.Model):
    owner = models.ForeignKey(Owner, models.CASCADE, related_name="houses")
    tags = models.ManyToManyField("Tag")


class LampManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("kind").prefetch_related("house__tags")


class Kind(models.Model):
    owner = models.ForeignKey(Owner, models.CASCADE)


class Lamp(models.Model):
    house = models.ForeignKey(House, models.CASCADE, related_name="lamps")
    kind = models.ForeignKey(Kind, models.CASCADE)
    objects = LampManager()


class Tag(models.Model):
    maker = models.ForeignKey(Owner, models.CASCADE)
"""
_LOADINGS = [
    Loading(),
    Loading().join(("owner",)),
    Loading().prefetch(Prefetched(("tags",))),
    Loading().prefetch(Prefetched(("lamps", "house", "owner"))),
    Loading().join(("owner",)).prefetch(Prefetched(("tags", "house_set")), Prefetched(("tags",), to_attr="listed")),
    Loading(joins_all=True),
]
_NAMES = ("owner", "houses", "tags", "house_set", "lamps", "house", "kind", "maker", "listed")
_PATHS: list[Path] = [path for length in (1, 2, 3) for path in itertools.product(_NAMES, repeat=length)]


@pytest.fixture(scope="module")
def project() -> Project:
    return linked({"homes/__init__.py": "", "homes/models.py": _MODELS})


@pytest.fixture(scope="module")
def house(project: Project) -> Model:
    found = project.models.named("homes.House")
    assert found is not None
    return found


@pytest.mark.parametrize("loading", _LOADINGS)
def test_a_way_is_the_same_whatever_was_asked_before(project: Project, house: Model, loading: Loading) -> None:
    coverage = Coverage(project)
    for path in random.Random(7).sample(_PATHS, len(_PATHS)):
        way, alone = coverage.way(house, loading, path), Coverage(project).way(house, loading, path)
        assert (way.path, way.loaded, way.doubts) == (alone.path, alone.loaded, alone.doubts), path
        assert coverage.spelled(house, loading, path) == Coverage(project).spelled(house, loading, path), path


def test_equal_loadings_have_the_same_ways(project: Project, house: Model) -> None:
    coverage = Coverage(project)
    one, other = (Loading().prefetch(Prefetched(("lamps",))) for _ in range(2))
    assert coverage.way(house, one, ("lamps", "kind")) is coverage.way(house, other, ("lamps", "kind"))


@pytest.mark.parametrize("loading", [loading for loading in _LOADINGS if loading.prefetched])
def test_what_is_spelled_loads_what_is_read(project: Project, house: Model, loading: Loading) -> None:
    """The lookups that come of a look at the way alone are those that carrying them out would confirm."""
    coverage = Coverage(project)
    for path in _PATHS:
        if not coverage.way(house, loading, path).path or not _leads_on(house, path):
            continue
        lookups = coverage.spelled(house, loading, path)
        more = loading.prefetch(*(Prefetched(lookup) for lookup in lookups))
        assert all(coverage.way(house, more, path).loaded), path
        assert not any(
            was and not now
            for entry in loading.prefetched
            for was, now in zip(
                coverage.way(house, loading, entry.leads_to).loaded,
                coverage.way(house, more, entry.leads_to).loaded,
                strict=False,
            )
        ), path


def _leads_on(model: Model, path: Path) -> bool:
    for name in path:
        relation = model.relations.get(name)
        if relation is None or not isinstance(relation.target, Model):
            return False
        model = relation.target
    return True
