"""Proven by running: a list that was fixed asks no query a row, and answers as before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import Fixing, fix
from tests.fixes.running import Listed, listed
from tests.fixtures.running import manage, run
from tests.fixtures.test_legacy_shop import LOCKS

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PROJECTS = {
    "legacy_shop": "config.settings.test",
    "bookstore": "config.settings",
    "blog": "config.settings",
    "orders": "config.settings",
}
QUERIES = Config(select=("DJS201", "DJS202", "DJS203"))


@dataclass(frozen=True, slots=True)
class Fixed:
    """A copy of a fixture project with every fix applied, and its lists before and after."""

    root: Path
    fixing: Fixing
    before: Mapping[str, Listed]
    after: Mapping[str, Listed]


@pytest.fixture(scope="module", params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fixed:
    root = tmp_path_factory.mktemp("fixed") / request.param
    shutil.copytree(FIXTURES / request.param, root)
    settings = PROJECTS[request.param]
    before = listed(root, settings)
    fixing = fix([root], QUERIES, unsafe=True)
    return Fixed(root, fixing, before, listed(root, settings))


def endpoints(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        names = finding.data["endpoints"]
        assert isinstance(names, list)
        yield from map(str, names)


def test_no_fix_is_dropped(project: Fixed) -> None:
    assert project.fixing.fixed
    assert project.fixing.faults == ()


def test_a_list_that_was_fixed_does_not_grow(project: Fixed) -> None:
    left = set(endpoints(project.fixing.report.findings))
    mended = {name for name in endpoints(project.fixing.fixed) if name not in left and name in project.after}
    assert mended
    assert {name: project.after[name].growth for name in mended if project.after[name].growth} == {}


def test_every_list_answers_as_before(project: Fixed) -> None:
    assert project.after.keys() == project.before.keys()
    wrong = [name for name, was in project.before.items() if project.after[name].bodies != was.bodies]
    assert wrong == []


def test_no_list_gets_costlier(project: Fixed) -> None:
    costlier = {
        name: (was.queries, project.after[name].queries)
        for name, was in project.before.items()
        if project.after[name].growth > was.growth or project.after[name].queries[1] > was.queries[1]
    }
    assert costlier == {}


def test_each_finding_that_is_left_has_no_fix_or_says_why(project: Fixed) -> None:
    for unfixed in project.fixing.unfixed:
        assert unfixed.why
        assert "fault" not in unfixed.why


# --------------------------------------------------------------------------------------------- the legacy shop
@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The legacy shop with its constraints and locks fixed."""
    root = tmp_path_factory.mktemp("shop") / "legacy_shop"
    shutil.copytree(FIXTURES / "legacy_shop", root)
    fixing = fix([root], Config(select=("DJS104", "DJS501")), unsafe=True)
    assert fixing.faults == ()
    assert fixing.report.findings == ()
    return root


def test_fixed_constraints_need_no_migration_and_pass_the_checks(shop: Path) -> None:
    assert "No changes" in manage(shop, "makemigrations", "--check", "--dry-run", settings=PROJECTS["legacy_shop"])
    told = manage(shop, "check", settings=PROJECTS["legacy_shop"])
    assert "no issues" in told
    assert "CheckConstraint.check" not in told


def test_a_fixed_lock_lets_the_real_error_through_and_leaves_the_key_of_another(shop: Path) -> None:
    assert run(shop, LOCKS, settings=PROJECTS["legacy_shop"]) == {
        "order_lock": "OrderIsLocked",
        "export_lock": "OrderIsLocked",
        "settle": "ConnectionError",
        "settle_if_free": "returned",
        "settle_if_free without a server": "ConnectionError",
        "recount": "RuntimeError",
        "recount_all": "returned",
        "send_digest": "another worker",
        "send_digest_once": "another worker",
    }
