"""A check by a process that knows what an earlier one found says what a check that knows nothing would say."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djlint_spec.cache import FactsCache, Grounds, Parts
from djlint_spec.config import Config
from djlint_spec.engine import check
from djlint_spec.engine.kept import findings_on_disk
from djlint_spec.engine.report import Report
from djlint_spec.engine.upkeep import Upkeep
from tests.engine.test_session import LIST, QUERYSETS, SHOWN, VIEWS, changed, changes
from tests.files import write_files
from tests.lsp.shop import FILES

FIXTURES = Path(__file__).parents[2] / "fixtures"
CONFIG = Config()


def same(root: Path, config: Config = CONFIG, unsaved: dict[str, str | bytes] | None = None) -> Report:
    """The report with what earlier ones left in the cache, which must be that of a check without one."""
    # As by another process: nothing but the files of the cache is handed on.
    file = root.parent / "cache" / "x.facts"
    if FactsCache(file).is_new:  # the first run of all keeps facts alone
        check([root], config, root=root, cache=FactsCache(file))
    found = check([root], config, root=root, unsaved=unsaved, cache=FactsCache(file))
    fresh = check([root], config, root=root, unsaved=unsaved)
    assert found.findings == fresh.findings
    assert found.paths == fresh.paths
    assert found.sources == fresh.sources
    assert found.figures() == fresh.figures()
    assert [fault.rule for fault in found.faults] == [fault.rule for fault in fresh.faults]
    if unsaved is None:
        by_file = findings_on_disk(root, config, FactsCache(file))
        told = [(f.span, f.code, f.message) for findings in by_file.values() for f in findings]
        assert sorted(told) == [(f.span, f.code, f.message) for f in fresh.findings]
    return found


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def kept(root: Path) -> tuple[Grounds | None, Parts | None]:
    """What the cache has of the project's findings."""
    findings = FactsCache(root.parent / "cache" / "x.facts").findings
    return findings.grounds, findings.parts()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one for each part that is judged."""
    taken: list[int] = []
    step = Upkeep.step

    def counted(self: Upkeep, project: object) -> None:
        taken.append(1)
        step(self, project)  # type: ignore[arg-type]

    monkeypatch.setattr(Upkeep, "step", counted)
    return taken


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_files(tmp_path / "shop", {**FILES, "shop/views.py": VIEWS, "shop/querysets.py": QUERYSETS})


# ------------------------------------------------------------------------------------------------ random changes
@pytest.mark.parametrize("name", ["legacy_shop", "specialist"])
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_changes_come_to_what_a_check_without_a_cache_finds(name: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / name
        shutil.copytree(FIXTURES / name, root)
        paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
        for path, kind, snippet, number in data.draw(changes(paths)):
            file = root / path
            before = file.read_text() if file.exists() else ""
            after = changed(before, kind, snippet, number)
            match number % 4:
                case 0:
                    same(root, unsaved={path: after})
                case 1 if file.exists() and number % 3 == 0:
                    file.rename(file.with_name(f"moved_{file.name}"))
                    same(root)
                case _:
                    file.write_text(after)
                    same(root)
            same(root, Config(select=("DJS2", "DJS3")))
        same(root)


# ------------------------------------------------------------------------------------------- what hangs on what
def test_only_what_looked_into_a_body_is_judged_again(shop: Path, steps: list[int]) -> None:
    assert codes(same(shop)) == []
    whole = len(steps)
    steps.clear()
    same(shop)
    assert not steps
    (shop / "shop" / "querysets.py").write_text(QUERYSETS.replace("total = 0", "total = 1"))
    assert codes(same(shop)) == []
    assert 0 < len(steps) < whole / 3
    steps.clear()
    (shop / "shop" / "querysets.py").write_text(QUERYSETS.replace('.select_related("customer")', ".distinct()"))
    (finding,) = same(shop).findings
    assert finding.code == "DJS201" and finding.span.path == "shop/views.py" and finding.fix is not None
    assert 0 < len(steps) < whole / 2


def test_bodies_of_several_functions_may_change_at_a_time(shop: Path, steps: list[int]) -> None:
    same(shop)
    whole = len(steps)
    steps.clear()
    both = QUERYSETS.replace('.select_related("customer")', ".distinct()  # more").replace("total = 0", "total = 1")
    (shop / "shop" / "querysets.py").write_text(both)
    assert codes(same(shop)) == ["DJS201"]
    assert 0 < len(steps) < whole / 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def other(number):", "def other(number, /):"),
        ("def other(number):", "def other(*, number):"),
        ("def other(number):", "async def other(number):"),
        ("def other(number):", "@property\ndef other(number):"),
        ("def other(number):", "def another(number):"),
        ("def other(number):", "X = 1\n\n\ndef other(number):"),
        ("    total = 0\n    return total + number\n", "    total = 0\n    return total + number\n\n\nY = 1\n"),
        ("    total = 0\n    return total + number\n", '    """Nothing else."""\n'),
        ("def loaded(queryset):", "def loaded(queryset):\n    queryset.model.objects.filter(request.user)\n"),
    ],
)
def test_any_change_of_more_than_bodies_has_all_judged_again(shop: Path, old: str, new: str) -> None:
    for text in (QUERYSETS, QUERYSETS.replace(old, new), QUERYSETS):
        (shop / "shop" / "querysets.py").write_text(text)
        same(shop)


def test_a_text_that_is_not_saved_leaves_no_trace(shop: Path, steps: list[int]) -> None:
    same(shop)
    kept = {path: path.read_bytes() for path in (shop.parent / "cache").iterdir()}
    whole = len(steps)
    steps.clear()
    text = QUERYSETS.replace('.select_related("customer")', ".distinct()")
    assert codes(same(shop, unsaved={"shop/querysets.py": text})) == ["DJS201"]
    assert len(steps) < whole / 2
    assert {path: path.read_bytes() for path in (shop.parent / "cache").iterdir()} == kept
    steps.clear()
    assert codes(same(shop)) == [] and not steps


def test_fewer_rules_are_answered_from_what_all_found(shop: Path, steps: list[int]) -> None:
    (shop / "shop" / "querysets.py").write_text(QUERYSETS.replace('.select_related("customer")', ".distinct()"))
    assert codes(same(shop)) == ["DJS201"]
    before = kept(shop)
    steps.clear()
    assert codes(same(shop, Config(select=("DJS201",)))) == ["DJS201"]
    assert codes(same(shop, Config(select=("DJS301",)))) == [] and not steps
    assert kept(shop) == before
    (shop / "shop" / "querysets.py").write_text(QUERYSETS)
    assert codes(same(shop, Config(select=("DJS201",)))) == []
    assert kept(shop) == before
    assert codes(same(shop)) == []


def test_more_rules_than_before_are_all_run(shop: Path) -> None:
    (shop / "shop" / "querysets.py").write_text(QUERYSETS.replace('.select_related("customer")', ".distinct()"))
    assert codes(same(shop, Config(select=("DJS301",)))) == []
    assert codes(same(shop)) == ["DJS201"]


def _rename(shop: Path) -> None:
    (shop / "shop" / "querysets.py").rename(shop / "shop" / "loading.py")


CHANGES: list[Callable[[Path], object]] = [
    _rename,
    lambda shop: (shop / "shop" / "querysets.py").unlink(),
    lambda shop: (shop / "shop" / "querysets.py").write_text("def loaded(:\n"),
    lambda shop: (shop / "shop" / "querysets.py").write_bytes(b"\xff\xfe\x00"),
    lambda shop: write_files(shop, {"more/__init__.py": "", "more/models.py": FILES["shop/models.py"]}),
    lambda shop: write_files(shop, {"shop/models.py": FILES["shop/models.py"].replace("models.ForeignKey", "f")}),
    lambda shop: write_files(shop, {"requirements.txt": "Django>=6.0\n"}),
    lambda shop: write_files(shop, {"shop/settings.py": "AUTH_USER_MODEL = 'shop.Customer'\nINSTALLED_APPS = []\n"}),
    lambda shop: write_files(shop, {"pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings\n"}),
    lambda shop: write_files(shop, {".venv/lib/python3.12/site-packages/acme/__init__.py": "X = 1\n"}),
    lambda shop: write_files(shop, {".gitignore": "shop/querysets.py\n"}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_files_settings_versions_and_packages_may_change(shop: Path, change: Callable[[Path], object]) -> None:
    same(shop)
    change(shop)
    same(shop)
    write_files(shop, {"shop/querysets.py": QUERYSETS.replace('.select_related("customer")', ".distinct()")})
    same(shop)


def test_a_template_that_changes_comes_or_goes_has_judged_what_looked_into_it(shop: Path, steps: list[int]) -> None:
    write_files(shop, {"shop/lists.py": LIST, "shop/templates/shop/order_list.html": "{{ object_list }}"})
    assert codes(same(shop)) == []
    whole = len(steps)
    template = shop / "shop" / "templates" / "shop" / "order_list.html"
    for text, expected in ((SHOWN, ["DJS201"]), ("", []), (SHOWN, ["DJS201"])):
        steps.clear()
        template.write_text(text)
        assert codes(same(shop)) == expected
        assert 0 < len(steps) < whole / 2
    template.unlink()
    assert codes(same(shop)) == []


def test_options_of_rules_and_what_is_installed_are_part_of_the_question(shop: Path) -> None:
    (shop / "shop" / "querysets.py").write_text(QUERYSETS.replace('.select_related("customer")', ".distinct()"))
    for config in (
        CONFIG,
        Config(per_file_ignores={"shop/views.py": ("DJS201",)}),
        Config(base_model="shop.models.Order"),
        Config(user_model="shop.Customer"),
        CONFIG,
    ):
        same(shop, config)


@pytest.mark.parametrize("damage", [b"", b"x" * 200])
def test_a_cache_may_be_damaged_or_gone(shop: Path, damage: bytes) -> None:
    same(shop)
    for name in ("x.facts", "x.findings"):
        file = shop.parent / "cache" / name
        file.write_bytes(damage)
        write_files(shop, {"shop/querysets.py": QUERYSETS})
        assert codes(same(shop)) == []
        file.unlink()
        write_files(shop, {"shop/querysets.py": QUERYSETS.replace('.select_related("customer")', ".distinct()")})
        assert codes(same(shop)) == ["DJS201"]


def test_another_version_of_the_tool_finds_anew(shop: Path, steps: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    same(shop)
    whole = len(steps)
    steps.clear()
    monkeypatch.setattr("sys.version", "3.99")
    same(shop)
    assert len(steps) == whole
