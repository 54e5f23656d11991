"""Names followed to what they stand for, over files."""

from __future__ import annotations

import pytest

from djlint_spec.project import Class, External, Function, Module, Project, Unknown, Value
from tests.linked import class_of, linked, symbol

_THING = "class Thing:\n    pass\n"


def _meaning(files: dict[str, str], name: str = "user.Thing", installed: dict[str, str] | None = None) -> str:
    found = symbol(linked(files, installed), name)
    assert isinstance(found, (Class, Function, External, Module)), found
    return found.dotted if not isinstance(found, Module) else found.name


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"user.py": "from lib import Thing"}, "user.Thing"),
        ({"user.py": "from lib import Thing as Other"}, "user.Other"),
        ({"user.py": "import lib\nOther = lib.Thing"}, "user.Other"),
        ({"user.py": "import lib as l\nOther = l.Thing\nThird = Other"}, "user.Third"),
        ({"user.py": "from lib import *"}, "user.Thing"),
        ({"user.py": "from middle import *", "middle.py": "from lib import *"}, "user.Thing"),
        ({"user.py": "from middle import Renamed", "middle.py": "from lib import Thing as Renamed"}, "user.Renamed"),
        ({"user.py": "if True:\n    from lib import Thing"}, "user.Thing"),
        ({"user.py": "with suppress():\n    from lib import Thing"}, "user.Thing"),
        ({"user.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lib import Thing"}, "user.Thing"),
        ({"user.py": "try:\n    from gone import Thing\nexcept ImportError:\n    from lib import Thing"}, "user.Thing"),
        ({"user.py": "try:\n    from lib import Thing\nexcept ImportError:\n    from gone import Thing"}, "user.Thing"),
        ({"user.py": "try:\n    from lib import Thing\nexcept ImportError:\n    Thing = None"}, "user.Thing"),
        ({"user.py": "try:\n    from lib import Thing\nexcept ImportError:\n    class Thing: pass"}, "user.Thing"),
        ({"user.py": "from gone import Thing\nfrom lib import Thing"}, "user.Thing"),
        ({"user.py": "from other import Thing\nfrom lib import Thing", "other.py": _THING}, "user.Thing"),
        ({"user.py": "from other import *\nfrom lib import *", "other.py": _THING}, "user.Thing"),
        ({"user.py": "from lib import Thing\nfrom user import Thing as Again"}, "user.Again"),
        ({"user.py": "a, Thing = 1, 2\nfrom lib import Thing"}, "user.Thing"),
        ({"user.py": "import lib\nOne, Two = lib.Thing, None"}, "user.One"),
    ],
)
def test_a_name_leads_to_the_class_however_it_is_imported(files: dict[str, str], name: str) -> None:
    assert _meaning({"lib.py": _THING, **files}, name) == "lib.Thing"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from .things import Thing", "pkg.sub.user.Thing"),
        ("from . import things\nThing = things.Thing", "pkg.sub.user.Thing"),
        ("from ..sub import Thing", "pkg.sub.user.Thing"),
        ("from ..sub.things import Thing", "pkg.sub.user.Thing"),
        ("from .. import sub\nThing = sub.Thing", "pkg.sub.user.Thing"),
        ("import pkg.sub.things\nThing = pkg.sub.things.Thing", "pkg.sub.user.Thing"),
        ("import pkg.sub.things as t\nThing = t.Thing", "pkg.sub.user.Thing"),
        ("from pkg import Thing", "pkg.sub.user.Thing"),
        ("from pkg.sub import things as t\nThing = t.Thing", "pkg.sub.user.Thing"),
    ],
)
def test_relative_and_absolute_imports_meet_over_packages_that_export_again(text: str, name: str) -> None:
    files = {
        "pkg/__init__.py": "from .sub import Thing",
        "pkg/sub/__init__.py": "from .things import Thing",
        "pkg/sub/things.py": _THING,
        "pkg/sub/user.py": text,
    }
    assert _meaning(files, name) == "pkg.sub.things.Thing"


def test_a_relative_import_beyond_the_top_is_unknown() -> None:
    found = symbol(linked({"pkg/__init__.py": "", "pkg/user.py": "from ....x import Thing"}), "pkg.user.Thing")
    assert found == Unknown("relative import beyond the top", "pkg.user")


def test_a_star_import_brings_what_all_lists_and_nothing_else() -> None:
    files = {
        "lib.py": """
            __all__ = ["Thing"]
            __all__ += ["_Hidden"]
            class Thing: pass
            class Other: pass
            class _Hidden: pass
        """,
        "user.py": "from lib import *",
    }
    project = linked(files)
    assert class_of(project, "user.Thing").dotted == "lib.Thing"
    assert class_of(project, "user._Hidden").dotted == "lib._Hidden"
    assert isinstance(symbol(project, "user.Other"), Unknown)


def test_a_star_import_without_all_leaves_underscored_names() -> None:
    project = linked({"lib.py": "class _Hidden: pass\nclass Thing: pass", "user.py": "from lib import *"})
    assert isinstance(symbol(project, "user._Hidden"), Unknown)
    assert class_of(project, "user.Thing").dotted == "lib.Thing"


def test_all_that_is_computed_hides_nothing() -> None:
    project = linked({"lib.py": f"__all__ = names()\n{_THING}", "user.py": "from lib import *"})
    assert class_of(project, "user.Thing").dotted == "lib.Thing"


def test_a_star_import_of_a_package_not_at_hand_leaves_names_unknown() -> None:
    found = symbol(linked({"user.py": "from gone import *"}), "user.Thing")
    assert found == Unknown("star import of a package not at hand", "Thing")


def test_two_classes_of_one_name_are_told_apart_by_the_import_alone() -> None:
    files = {
        "app/__init__.py": "",
        "app/serializers.py": "class ReactionSerializer: pass",
        "space/__init__.py": "",
        "space/serializers.py": "class ReactionSerializer: pass",
        "app/views.py": "from space.serializers import ReactionSerializer",
        "space/views.py": "from app.serializers import ReactionSerializer",
    }
    assert _meaning(files, "app.views.ReactionSerializer") == "space.serializers.ReactionSerializer"
    assert _meaning(files, "space.views.ReactionSerializer") == "app.serializers.ReactionSerializer"


def test_of_names_that_are_nowhere_at_hand_the_last_one_stands() -> None:
    text = "try:\n    from gone import X\nexcept ImportError:\n    from lost import X\nfrom gone import Y\nY = None"
    project = linked({"m.py": text})
    assert symbol(project, "m.X") == External("gone.X")
    assert symbol(project, "m.Y") == External("gone.Y")


def test_a_package_imports_its_submodule_under_its_own_name() -> None:
    project = linked({"pkg/__init__.py": "from . import lib\nfrom . import absent", "pkg/lib.py": _THING})
    found = symbol(project, "pkg.lib")
    assert isinstance(found, Module) and found.name == "pkg.lib"
    assert not isinstance(symbol(project, "pkg.absent"), (Module, Class))


def test_what_is_imported_for_types_only_is_not_what_runs() -> None:
    files = {
        "user.py": """
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from django.db.models import Model as Base
            else:
                Base = object
            class Mixin(Base): pass
        """
    }
    assert class_of(linked(files), "user.Mixin").derives_from("django.db.models.Model") is False


def test_a_class_may_extend_what_had_its_name_before() -> None:
    files = {"lib.py": _THING, "user.py": "from lib import Thing\nclass Thing(Thing): pass"}
    assert [cls.dotted for cls in class_of(linked(files), "user.Thing").mro] == ["user.Thing", "lib.Thing"]


def test_names_that_go_in_circles_end() -> None:
    project = linked(
        {
            "a.py": "from b import X, Z\nY = X\nclass A(B): pass\nfrom b import B",
            "b.py": "from a import Y\nX = Y\nfrom a import Z, A\nclass B(A): pass\nfrom b import W",
            "c.py": "x = x\ny = z\nz = y\nfrom c import *",
        }
    )
    for name in ("a.X", "a.Y", "b.X", "a.Z", "b.W", "c.x", "c.y", "c.nothing"):
        assert isinstance(symbol(project, name), (Unknown, Value, External)), name
    assert class_of(project, "a.A").derives_from("nowhere.C") in (None, False)


def test_a_submodule_is_an_attribute_of_its_package() -> None:
    files = {"pkg/__init__.py": "", "pkg/lib.py": _THING, "user.py": "import pkg\nOther = pkg.lib.Thing"}
    assert _meaning(files, "user.Other") == "pkg.lib.Thing"


def test_an_attribute_of_a_package_comes_before_its_submodule_of_that_name() -> None:
    files = {
        "pkg/__init__.py": "from .thing import thing",
        "pkg/thing.py": "def thing(): pass",
        "user.py": "from pkg import thing",
    }
    assert _meaning(files, "user.thing") == "pkg.thing.thing"


def test_locals_go_before_globals_and_class_bodies_are_no_scope_for_their_methods() -> None:
    project = linked({"m.py": "x = 1\ndef f(x, *y):\n    z = 3\nclass C:\n    x = 2\n    def g(self): pass\n"})
    module = project.module("m")
    assert module is not None
    function = symbol(project, "m.f")
    assert isinstance(function, Function)
    assert project.lookup("x", function.scope) == Unknown("parameter", "x")
    assert isinstance(project.lookup("z", function.scope), Value)
    method = class_of(project, "m.C").method("g")
    assert method is not None
    found = project.lookup("x", method.scope)
    assert isinstance(found, Value) and project.constant(found.expr, found.scope) == 1


def test_a_builtin_is_one_until_it_is_hidden() -> None:
    project = linked({"m.py": "from lib import list", "lib.py": "class list: pass", "n.py": ""})
    assert class_of(project, "m.list").dotted == "lib.list"
    assert symbol(project, "n.list") == External("builtins.list")


def test_an_installed_package_stands_behind_the_project() -> None:
    files = {"user.py": "from acme.models import Thing"}
    assert _meaning(files) == "acme.models.Thing"  # a name only
    installed = {"acme": "", "acme.models": "from acme.base import Thing", "acme.base": _THING}
    assert _meaning(files, installed=installed) == "acme.base.Thing"


def test_the_project_s_own_package_goes_before_an_installed_one_of_its_name() -> None:
    files = {"acme/__init__.py": _THING, "user.py": "from acme import Thing"}
    found = symbol(linked(files, {"acme": "Thing = 1"}), "user.Thing")
    assert isinstance(found, Class) and found.is_ours


def test_a_vendored_copy_of_a_known_package_means_that_package() -> None:
    files = {
        "acme/__init__.py": "",
        "acme/_vendor/__init__.py": "",
        "acme/_vendor/rest_framework/__init__.py": "",
        "acme/_vendor/rest_framework/serializers.py": "class ModelSerializer: pass",
        "acme/api.py": "from acme._vendor.rest_framework import serializers as s\nclass S(s.ModelSerializer): pass",
        "acme/celery.py": "from celery import Celery\napp = Celery('acme')",
    }
    project = linked(files)
    assert class_of(project, "acme.api.S").derives_from("rest_framework.serializers.ModelSerializer") is True


def _dotted(project: Project, importer: str, dotted: str) -> str | None:
    module = project.module(dotted, project.module(importer))
    return module.path if module is not None else None


@pytest.mark.parametrize(
    ("paths", "importer", "dotted", "meant"),
    [
        (["manage.py", "shop/__init__.py", "shop/models.py"], "manage", "shop.models", "shop/models.py"),
        (["src/shop/__init__.py", "src/shop/models.py"], "shop", "shop.models", "src/shop/models.py"),
        (
            ["web/manage.py", "web/shop/models.py", "web/shop/views.py"],
            "web.shop.views",
            "shop.models",
            "web/shop/models.py",
        ),
        (
            ["a/shop/models.py", "a/user.py", "b/shop/models.py", "b/user.py"],
            "b.user",
            "shop.models",
            "b/shop/models.py",
        ),
        (["a/setup.py", "a/src/shop/models.py", "user.py"], "user", "shop.models", "a/src/shop/models.py"),
        (["acme/__init__.py", "acme/manage.py", "acme/core/__init__.py"], "acme.core", "core", "acme/core/__init__.py"),
        (["tools/json.py", "tools/run.py", "user.py"], "user", "json", None),
        (["tools/json.py", "tools/run.py"], "tools.run", "json", "tools/json.py"),
        (["tools/helpers.py", "user.py"], "user", "helpers", "tools/helpers.py"),
        (["user.py"], "user", "helpers", None),
        (["__init__.py", "user.py"], "user", "json", None),
    ],
)
def test_a_module_is_found_from_the_folders_that_may_be_on_the_path(
    paths: list[str], importer: str, dotted: str, meant: str | None
) -> None:
    assert _dotted(linked(dict.fromkeys(paths, "")), importer, dotted) == meant


def test_a_local_name_made_of_itself_is_unknown() -> None:
    project = linked(
        {
            "a.py": """
            def walk(row, repository):
                row = row.parent
                other = other
                repository = repository.lock
                return row.parent.name, other, repository
            """
        }
    )
    module = project.module("a")
    assert module is not None
    (function,) = project.functions_in(module)
    for name in ("row", "other", "repository"):
        assert not isinstance(project.lookup(name, function.scope), (Class, Function))
