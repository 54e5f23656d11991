"""Settings modules: which they are, what they are for, and what a setting comes to in each."""

from __future__ import annotations

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.project import Project, Unknown
from djlint_spec.project.settings import Purpose, Source, holds_in_development, purpose_of_name
from tests.linked import facts, linked

BASE = """
    INSTALLED_APPS = ["shop"]
    SECRET_KEY = "base"
    TIMEOUT = 10
"""


def source(project: Project, name: str) -> Source:
    return next(source for source in project.settings.sources if source.name == name)


def constant(project: Project, name: str, setting: str) -> object:
    found = source(project, name).setting(setting)
    return None if found is None else project.constant(found.value.expr, found.value.scope)


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("config.settings.production", Purpose.PRODUCTION),
        ("config.settings.dev", Purpose.DEVELOPMENT),
        ("config.test_settings", Purpose.TEST),
        ("config.settings.base", Purpose.SHARED),
        ("LocalSettings", Purpose.DEVELOPMENT),
        ("shop.latest", Purpose.SHARED),
    ],
)
def test_the_words_of_a_name_tell_what_settings_are_for(name: str, purpose: Purpose) -> None:
    assert purpose_of_name(name) is purpose


def test_modules_that_hold_settings_are_found_production_first() -> None:
    project = linked(
        {
            "config/settings/base.py": BASE,
            "config/settings/production.py": "from .base import *\nDEBUG = False",
            "config/settings/dev.py": "from .base import *",
            "config/settings/test.py": "from .base import *",
            "shop/models.py": "from django.db import models",
            "shop/flags.py": "INSTALLED_APPS = []\nDATABASES = {}",
            "shop/settings_form.py": "from .models import *",
        }
    )
    assert [module.name for module in project.settings.modules] == [
        "config.settings.production",
        "config.settings.base",
        "shop.flags",
        "config.settings.dev",
        "config.settings.test",
    ]


def test_an_entry_point_names_the_settings_and_what_they_are_for() -> None:
    project = linked(
        {
            "manage.py": 'import os\ndef main():\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.conf_a")',
            "shop/wsgi.py": 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "shop.conf_b"',
            "conftest.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.conf_c")',
            "shop/other.py": 'import os\nos.environ["DJANGO_SETTINGS"] = f("DJANGO_SETTINGS_MODULE", name)',
            "shop/conf_a.py": "X = 1",
            "shop/conf_b.py": "X = 2",
            "shop/conf_c.py": "X = 3",
        }
    )
    assert {module.name: project.settings.purpose(module) for module in project.settings.modules} == {
        "shop.conf_a": Purpose.SHARED,
        "shop.conf_b": Purpose.PRODUCTION,
        "shop.conf_c": Purpose.TEST,
    }
    assert {(point.settings, point.span.path) for point in project.settings.entry_points} == {
        ("shop.conf_a", "manage.py"),
        ("shop.conf_b", "shop/wsgi.py"),
        ("shop.conf_c", "conftest.py"),
    }


def test_a_module_named_for_development_stays_so_though_wsgi_names_it() -> None:
    project = linked(
        {
            "shop/wsgi.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.local")',
            "shop/settings/local.py": BASE,
        }
    )
    assert [project.settings.purpose(module) for module in project.settings.modules] == [Purpose.DEVELOPMENT]


def test_the_last_line_that_assigns_a_setting_decides() -> None:
    project = linked(
        {
            "config/settings/base.py": BASE,
            "config/settings/early.py": "SECRET_KEY = 'early'\nfrom .base import *",
            "config/settings/production.py": "from .base import *\nSECRET_KEY = 'own'\nTIMEOUT: int = 20",
        }
    )
    assert constant(project, "config.settings.early", "SECRET_KEY") == "base"
    assert constant(project, "config.settings.production", "SECRET_KEY") == "own"
    assert constant(project, "config.settings.production", "TIMEOUT") == 20
    assert constant(project, "config.settings.production", "MISSING") is None
    found = source(project, "config.settings.production").setting("SECRET_KEY")
    assert found is not None
    assert (found.span.path, found.span.row) == ("config/settings/production.py", 2)
    assert project.setting("SECRET_KEY") is not None
    assert project.setting("MISSING") is None


def test_additions_join_what_the_same_module_had_and_hide_what_another_had() -> None:
    project = linked(
        {
            "config/settings/base.py": BASE + "    APPS = ['a']\n    APPS += ['b']\n",
            "config/settings/production.py": "from .base import *\nINSTALLED_APPS += ['debug']\nNEW += ['x']",
        }
    )
    assert constant(project, "config.settings.base", "APPS") == ("a", "b")
    assert constant(project, "config.settings.production", "INSTALLED_APPS") is None
    assert constant(project, "config.settings.production", "NEW") is None


def test_updates_of_the_namespace_are_followed() -> None:
    project = linked(
        {
            "config/settings/base.py": BASE,
            "config/settings/production.py": """
                from config.settings import base
                SECRET_KEY = "first"
                locals().update({"TIMEOUT": 30, **more})
                globals().update(vars(base))
                vars().update(DEBUG=False)
                other().update(DEBUG=True)
                locals().update(read())
            """,
            "config/settings/staging.py": """
                from config.settings import base
                SECRET_KEY = "first"
                globals().update(base.__dict__)
                globals().update(unknown.__dict__)
            """,
        }
    )
    assert constant(project, "config.settings.production", "TIMEOUT") == 10
    assert constant(project, "config.settings.production", "SECRET_KEY") == "base"
    assert constant(project, "config.settings.production", "DEBUG") is False
    assert constant(project, "config.settings.staging", "SECRET_KEY") == "base"


def test_what_split_settings_includes_decides_in_its_order() -> None:
    project = linked(
        {
            "config/settings/__init__.py": """
                from os import environ
                from split_settings.tools import include, optional
                include("components/*.py", "environments/production.py", optional("local.py"), environ["MORE"])
                include("missing.py")
            """,
            "config/settings/components/common.py": BASE + "    HOST = 'common'\n",
            "config/settings/components/timeouts.py": "TIMEOUT = 20",
            "config/settings/environments/production.py": "HOST = 'production'",
            "shop/include.py": "def include(path): ...",
            "shop/settings.py": "from shop.include import include\ninclude('models.py')",
            "shop/models.py": "HOST = 'no settings'",
        }
    )
    assert constant(project, "config.settings", "SECRET_KEY") == "base"
    assert constant(project, "config.settings", "HOST") == "production"
    assert constant(project, "config.settings", "TIMEOUT") == 20
    assert "shop.settings" not in {module.name for module in project.settings.modules}


def test_a_branch_for_development_does_not_decide() -> None:
    project = linked(
        {
            "shop/settings.py": """
                INSTALLED_APPS = []
                if DEBUG:
                    A = 1
                else:
                    A = 2
                if not DEBUG:
                    B = 3
                else:
                    B = 4
                if ON_HEROKU:
                    C = 5
                else:
                    C = 6
                try:
                    D = 7
                except ImportError:
                    D = 8
                with opened():
                    E = 9
            """
        }
    )
    values = {name: constant(project, "shop.settings", name) for name in "ABCDE"}
    assert values == {"A": 2, "B": 3, "C": 6, "D": 7, "E": 9}


def test_an_imported_name_counts_as_what_it_is_there() -> None:
    project = linked(
        {
            "config/settings/base.py": BASE,
            "config/settings/production.py": (
                "from .base import SECRET_KEY, TIMEOUT as WAIT\nfrom unknown import *\nfrom unknown import DEBUG"
            ),
        },
        settings=("config.settings.production",),
    )
    assert constant(project, "config.settings.production", "SECRET_KEY") == "base"
    assert constant(project, "config.settings.production", "WAIT") == 10
    assert constant(project, "config.settings.production", "DEBUG") is None


def test_modules_that_import_each_other_end() -> None:
    project = linked(
        {
            "config/settings/base.py": "from .other import *\nINSTALLED_APPS = []",
            "config/settings/other.py": "from .base import *\nfrom ..... import *",
        }
    )
    assert constant(project, "config.settings.base", "MISSING") is None


def test_settings_classes_inherit_and_are_told_by_name() -> None:
    project = linked(
        {
            "shop/settings.py": """
                from configurations import Configuration
                from pydantic_settings import BaseSettings

                class Base(Configuration):
                    TIMEOUT = 10
                    SECRET_KEY = "base"

                class Production(Base):
                    SECRET_KEY = "own"
                    def ALLOWED_HOSTS(self):
                        return []

                class Dev(Base):
                    pass

                class Conf(BaseSettings):
                    token: str

                class Plain:
                    INSTALLED_APPS = []
                    DATABASES = {}

                class Unrelated:
                    TIMEOUT = 1
            """
        }
    )
    assert [(source.name, source.purpose.value) for source in project.settings.sources] == [
        ("shop.settings.Production", "production"),
        ("shop.settings", "shared"),
        ("shop.settings.Base", "shared"),
        ("shop.settings.Conf", "shared"),
        ("shop.settings.Plain", "shared"),
        ("shop.settings.Dev", "development"),
    ]
    assert constant(project, "shop.settings.Production", "SECRET_KEY") == "own"
    assert constant(project, "shop.settings.Production", "TIMEOUT") == 10
    assert constant(project, "shop.settings.Production", "ALLOWED_HOSTS") is None
    assert constant(project, "shop.settings.Dev", "SECRET_KEY") == "base"
    assert constant(project, "shop.settings.Conf", "token") is None
    found = project.setting("TIMEOUT")
    assert found is not None
    assert not isinstance(project.constant(found.expr, found.scope), Unknown)


@pytest.mark.parametrize(
    ("test", "development"),
    [
        ("DEBUG", True),
        ("settings.DEBUG", True),
        ("not DEBUG", False),
        ("IS_PRODUCTION", False),
        ("DEBUG is True", True),
        ("DEBUG == False", False),
        ("DEBUG and X", True),
        ("X and not DEBUG", False),
        ("X and Y", None),
        ("'test' in sys.argv", True),
        ("'run' in sys.argv", None),
        ("ENV == 'dev'", True),
        ("ENV != 'dev'", False),
        ("ENV == 'production'", False),
        ("ENV == 'eu'", None),
        ("ENV < 'dev'", None),
        ("not X", None),
        ("X is True", None),
        ("DEBUG or X", None),
    ],
)
def test_a_test_is_of_development_or_of_what_is_not(test: str, development: bool | None) -> None:
    found = facts(f"if {test}:\n    pass\n")
    assert found is not None
    statement = found.body[0]
    assert isinstance(statement, t.If)
    assert holds_in_development(statement.test) is development
