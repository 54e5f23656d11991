"""A project that stays open says, after any changes, what a check of it as it then is would say."""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djlint_spec.config import Config, ConfigError
from djlint_spec.engine import check
from djlint_spec.engine.linked import freed
from djlint_spec.engine.report import Report
from djlint_spec.engine.session import Session
from tests.files import write_files
from tests.lsp.shop import FILES

FIXTURES = Path(__file__).parents[2] / "fixtures"


def same(session: Session, root: Path, config: Config | None = None) -> Report:
    """The session's report, which must be that of a fresh check with the same unsaved texts."""
    found = session.report()
    fresh = check([root], config or Config(), root=root, unsaved=session.laid)
    assert found.findings == fresh.findings
    assert found.paths == fresh.paths
    assert found.sources == fresh.sources
    assert [fault.rule for fault in found.faults] == [fault.rule for fault in fresh.faults]
    return found


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


# ------------------------------------------------------------------------------------------- random changes
SNIPPETS = (
    "    x = 1\n",
    "    cache.get('key')\n",
    "    for order in Order.objects.all():\n        print(order.customer.name)\n",
    "    return self.get_queryset().select_related()\n",
    "    request.tenant = None\n",
    "    # a comment  # noqa: DJS301\n",
    "\n\n",
    "    if True:\n        raise ValueError('é𐐀')\n",
    "    self.retry()\n",
)


@st.composite
def changes(draw: st.DrawFn, paths: list[str]) -> list[tuple[str, int, str, int]]:
    """Some changes: file, kind, a snippet, a place."""
    one = st.tuples(st.sampled_from(paths), st.integers(0, 6), st.sampled_from(SNIPPETS), st.integers(0, 10_000))
    return draw(st.lists(one, min_size=1, max_size=5))


def changed(text: str, kind: int, snippet: str, number: int) -> str:
    """A text after a change somewhere: a line put in, taken out, doubled; a definition renamed; all gone."""
    lines = text.splitlines(keepends=True) or ["\n"]
    at = number % len(lines)
    match kind:
        case 0 | 1:
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            put = "".join(indent + line.removeprefix("    ") for line in snippet.splitlines(keepends=True))
            return "".join([*lines[:at], put, *lines[at:]])
        case 2:
            return "".join([*lines[:at], *lines[at + 1 :]])
        case 3:
            return "".join([*lines[: at + 1], *lines[at:]])
        case 4:
            return text.replace("select_related", "prefetch_related", 1)
        case 5:
            return text.replace("customer", "client")
        case _:
            return ""


@pytest.fixture(scope="module", params=["legacy_shop", "specialist"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Session, list[str]]:
    root = tmp_path_factory.mktemp("session") / str(request.param)
    shutil.copytree(FIXTURES / str(request.param), root)
    session = Session(root, Config())
    session.report()
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    return root, session, paths


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_changes_come_to_what_a_fresh_check_finds(
    opened: tuple[Path, Session, list[str]], data: st.DataObject
) -> None:
    root, session, paths = opened
    for path, kind, snippet, number in data.draw(changes(paths)):
        text = session.text(path)
        after = changed(text or "", kind, snippet, number)
        session.lay(path, after)
        broken = {finding.span.path for finding in session.report().findings if finding.code == "DJS001"}
        if path in broken:
            session.lay(path, text or "")  # its last good facts stand, which a fresh check does not have
        same(session, root)
    for path in paths:
        session.lift(path)
    same(session, root)


# ------------------------------------------------------------------------------------------------ what hangs on what
def test_answers_are_kept_with_what_they_stood_on() -> None:
    """A cache of functools would hide from a session what its answers stand on."""
    source = Path(__file__).parents[2] / "src" / "djlint_spec"
    rooms = ("project", "inference", "flow", "queries")
    files = {file for room in rooms for file in (source / room).rglob("*.py")} - {source / "project" / "module.py"}
    assert [file.name for file in files if "from functools import cached_property" in file.read_text()] == []


class _Circle:
    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_collected_once_as_much_has_been_made_as_there_was() -> None:
    gc.disable()
    try:
        circle = weakref.ref(_Circle())
        in_use = freed(0)
        assert freed(in_use) == in_use and circle() is not None
        assert freed(1) > 1 and circle() is None
    finally:
        gc.enable()


VIEWS = """\
from rest_framework.viewsets import ModelViewSet

from shop.models import Order
from shop.querysets import loaded
from shop.serializers import OrderSerializer


class OrderViewSet(ModelViewSet):
    serializer_class = OrderSerializer

    def get_queryset(self):
        return loaded(Order.objects.all())
"""
QUERYSETS = """\
def loaded(queryset):
    return queryset.select_related("customer")


def other(number):
    total = 0
    return total + number
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_files(tmp_path, {**FILES, "shop/views.py": VIEWS, "shop/querysets.py": QUERYSETS})


def test_what_looked_into_a_body_is_judged_again_and_nothing_else(shop: Path) -> None:
    session = Session(shop, Config())
    assert codes(same(session, shop)) == []
    project = session.linked
    session.lay("shop/querysets.py", QUERYSETS.replace('.select_related("customer")', ".distinct()"))
    assert codes(same(session, shop)) == ["DJS201"]
    assert session.linked.module_at("shop/models.py") is project.module_at("shop/models.py")
    session.lay("shop/querysets.py", QUERYSETS.replace("total = 0", "total = 1"))
    assert codes(same(session, shop)) == []
    session.lift("shop/querysets.py")
    assert codes(same(session, shop)) == []


def test_a_docstring_is_part_of_the_body(shop: Path) -> None:
    documented = QUERYSETS.replace("def loaded(queryset):\n", 'def loaded(queryset):\n    """Loaded."""\n')
    session = Session(shop, Config())
    session.lay("shop/querysets.py", documented)
    session.report()
    project = session.linked
    for text in (
        documented.replace("Loaded.", "With the customer.\n    "),
        documented.replace('    """Loaded', '    queryset = queryset.all()\n    """Loaded'),
        QUERYSETS,
    ):
        session.lay("shop/querysets.py", text)
        assert codes(same(session, shop)) == []
        # Only bodies were found to differ: other modules are not linked anew.
        assert session.linked.module_at("shop/models.py") is project.module_at("shop/models.py")


def test_the_file_whose_body_changed_is_judged_before_those_that_looked_into_it(shop: Path) -> None:
    session = Session(shop, Config())
    session.report()
    tested = (
        '    if len(queryset.all()) > 0:\n        return queryset.select_related("customer")\n    return queryset\n'
    )
    session.lay("shop/querysets.py", QUERYSETS.replace('    return queryset.select_related("customer")\n', tested))
    ahead, whole = session.reports(["shop/querysets.py"])
    assert codes(ahead) == [code for code in codes(whole) if code != "DJS201"]
    assert "DJS201" in codes(whole)
    same(session, shop)


def test_an_edit_of_a_body_interrupts_what_an_earlier_one_has_others_wait_for(shop: Path) -> None:
    session = Session(shop, Config())
    session.report()
    session.lay("shop/querysets.py", QUERYSETS.replace('.select_related("customer")', ""))
    stops = iter([False, True])
    list(session.reports(["shop/querysets.py"], stop=lambda: next(stops)))
    session.lay("shop/querysets.py", QUERYSETS.replace("total = 0", "total = 2"))
    assert codes(same(session, shop)) == []
    session.lay("shop/querysets.py", QUERYSETS.replace('.select_related("customer")', ""))
    assert list(session.reports(stop=lambda: True)) == []
    session.lay("shop/views.py", VIEWS + "\nX = 1\n")
    assert codes(same(session, shop)) == ["DJS201"]


def test_findings_move_with_their_lines(shop: Path) -> None:
    session = Session(shop, Config())
    views = VIEWS.replace("loaded(Order.objects.all())", "Order.objects.all()")
    views += "\n    def get_serializer_context(self):\n        return {}\n"
    session.lay("shop/views.py", views)
    assert codes(same(session, shop)) == ["DJS201"]
    session.lay(
        "shop/views.py", views.replace("    def get_queryset(self):\n", "    def get_queryset(self):\n        x = 1\n")
    )
    (finding,) = same(session, shop).findings
    assert finding.span.row == 13
    session.lay("shop/views.py", views.replace("return {}", "y = 1\n        return {}"))
    assert codes(same(session, shop)) == ["DJS201"]


LIST = """\
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    model = Order
"""
SHOWN = "{% for order in object_list %}{{ order.customer.name }}{% endfor %}"


def test_a_template_that_changes_comes_or_goes_has_judged_what_looked_into_it(shop: Path) -> None:
    files = {"shop/lists.py": LIST, "shop/templates/shop/order_list.html": "{{ object_list }}"}
    session = Session(write_files(shop, files), Config())
    assert codes(same(session, shop)) == []
    project = session.linked
    template = shop / "shop" / "templates" / "shop" / "order_list.html"
    template.write_text(SHOWN)
    session.refresh(["shop/templates/shop/order_list.html"])
    assert codes(same(session, shop)) == ["DJS201"]
    # Nothing was linked anew, and what no template is shown by was not judged again.
    assert session.linked.module_at("shop/models.py") is project.module_at("shop/models.py")
    template.unlink()
    session.refresh()
    assert codes(same(session, shop)) == []
    template.write_text(SHOWN)
    session.refresh(["shop/templates/shop/order_list.html"])
    assert codes(same(session, shop)) == ["DJS201"]
    session.refresh(["README.md"])
    same(session, shop)


def test_the_settings_that_another_tool_names_may_be_others(shop: Path) -> None:
    conf = "TEMPLATES = [{'DIRS': ['pages']}]\n"
    write_files(shop, {"shop/lists.py": LIST, "shop/conf_live.py": conf, "pages/shop/order_list.html": SHOWN})
    session = Session(shop, Config())
    assert codes(same(session, shop)) == []
    (shop / "pytest.ini").write_text("[pytest]\nDJANGO_SETTINGS_MODULE = shop.conf_live\n")
    session.refresh(["pytest.ini"])
    assert codes(same(session, shop)) == ["DJS201"]
    (shop / "pytest.ini").unlink()
    session.refresh(["pytest.ini"])
    assert codes(same(session, shop)) == []


def test_files_come_go_and_are_renamed(shop: Path) -> None:
    session = Session(shop, Config())
    session.report()
    (shop / "shop" / "querysets.py").rename(shop / "shop" / "loading.py")
    session.refresh(["shop/querysets.py", "shop/loading.py"])
    same(session, shop)
    write_files(
        shop, {"shop/querysets.py": QUERYSETS.replace('.select_related("customer")', ""), "build/x.py": "x = 1"}
    )
    session.refresh(["shop/querysets.py", "build/x.py", "shop/nothing.py"])
    assert codes(same(session, shop)) == ["DJS201"]
    (shop / "requirements.txt").write_text("Django>=5.2\n")
    session.refresh()
    same(session, shop)
    write_files(
        shop,
        {
            "requirements.txt": "",
            "setup.py": "from setuptools import setup\n\nsetup(install_requires=['Django>=4.2'])\n",
        },
    )
    session.refresh(["requirements.txt"])
    same(session, shop)
    (shop / "setup.py").write_text("from setuptools import setup\n\nsetup(install_requires=['Django>=5.2'])\n")
    session.refresh(["setup.py"])
    assert same(session, shop).versions == check([shop], Config(), root=shop).versions


def test_a_broken_file_is_told_of_and_its_last_good_facts_stand(shop: Path) -> None:
    session = Session(shop, Config())
    session.report()
    session.lay("shop/querysets.py", "def loaded(:\n")
    (finding,) = session.report().findings
    assert finding.code == "DJS001" and finding.span.path == "shop/querysets.py"
    session.lay("shop/querysets.py", QUERYSETS)
    assert codes(same(session, shop)) == []


def test_the_files_that_matter_are_judged_first_and_the_rest_can_wait(shop: Path) -> None:
    session = Session(shop, Config())
    session.report()
    session.lay("shop/models.py", FILES["shop/models.py"] + "\nX = 1\n")
    session.lay("shop/serializers.py", FILES["shop/serializers.py"].replace("customer.name", "reference"))
    ahead, whole = session.reports(["shop/models.py"])
    assert ahead.findings == whole.findings == ()
    session.lay("shop/querysets.py", QUERYSETS.replace('.select_related("customer")', ""))
    session.lay("shop/models.py", FILES["shop/models.py"])
    assert list(session.reports(stop=lambda: True)) == []
    session.lift("shop/serializers.py")
    assert codes(same(session, shop)) == ["DJS201"]


def test_a_body_changes_while_the_rest_still_waits(shop: Path) -> None:
    session = Session(shop, Config())
    session.report()
    session.lay("shop/models.py", FILES["shop/models.py"] + "\nX = 1\n")
    assert next(iter(session.reports(["shop/models.py"]))).findings == ()
    session.lay("shop/querysets.py", QUERYSETS.replace('.select_related("customer")', ""))
    assert codes(same(session, shop)) == ["DJS201"]


def test_the_baseline_of_the_project_counts(shop: Path) -> None:
    (shop / "djlint-spec-baseline.json").write_text("{")
    with pytest.raises(ConfigError, match="not a baseline"):
        Session(shop, Config())


def test_fixes_of_one_file_are_made_without_a_check_of_its_own(shop: Path) -> None:
    session = Session(shop, Config())
    text = VIEWS.replace("loaded(Order.objects.all())", "Order.objects.all()")
    session.lay("shop/views.py", text)
    fixing = session.fixed("shop/views.py")
    assert 'Order.objects.select_related("customer")' in fixing.after["shop/views.py"]
    assert session.text("shop/views.py") == text
    assert codes(same(session, shop)) == ["DJS201"]
