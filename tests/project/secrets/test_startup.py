"""Defaults that start-up rejects."""

from __future__ import annotations

import pytest

from djlint_spec.project.secrets import secrets_of
from tests.linked import linked

KEY = "k2^vz!q0r7nd$t5x_1mj9@ubh4e&cg6yp3"
SETTINGS = f"""
import os
INSTALLED_APPS = ["shop"]
DEBUG = os.environ.get("DEBUG") == "1"
DEFAULT = "{KEY}"
SECRET_KEY = os.environ.get("SECRET_KEY", "{KEY}")
"""


def is_told(*checks: str, elsewhere: str = "", path: str = "shop/apps.py") -> bool:
    project = linked({"shop/settings.py": SETTINGS + "\n".join(checks) + "\n", path: elsewhere})
    secrets = secrets_of(project)
    return any(secrets.of(module) for module in project.modules)


@pytest.mark.parametrize(
    "check",
    [
        f"if not DEBUG and SECRET_KEY == '{KEY}':\n    raise ValueError",
        f"if '{KEY}' == SECRET_KEY:\n    raise ValueError",
        "if SECRET_KEY == DEFAULT and not DEBUG:\n    raise ValueError",
        f"if SECRET_KEY in ['{KEY}', 'changeme']:\n    warn()",
        f"if SECRET_KEY.startswith('{KEY[:9]}'):\n    sys.exit(1)",
        f"if '{KEY[:9]}' in SECRET_KEY:\n    raise ValueError",
        f"def check():\n    if SECRET_KEY == '{KEY}':\n        raise ValueError\ncheck()",
    ],
)
def test_a_default_that_start_up_rejects_is_not_told(check: str) -> None:
    assert not is_told(check)


@pytest.mark.parametrize(
    "check",
    [
        "",
        f"if SECRET_KEY == '{KEY}':\n    print('unsafe')",
        f"if SECRET_KEY != '{KEY}':\n    raise ValueError",
        "if SECRET_KEY == 'other':\n    raise ValueError",
        f"if NAME == '{KEY}':\n    raise ValueError",
        f"if '{KEY[:9]}' in SECRET_KEY:\n    print('unsafe')",
        f"if SECRET_KEY.startswith('{KEY[:9]}'):\n    print('unsafe')",
        "if SECRET_KEY.startswith('other'):\n    raise ValueError",
        "if SECRET_KEY.startswith(prefix):\n    raise ValueError",
        "if f().startswith('other'):\n    raise ValueError",
        "if not SECRET_KEY:\n    raise ValueError",
    ],
)
def test_a_default_that_is_only_remarked_on_is_told(check: str) -> None:
    assert is_told(check)


def test_a_check_may_stand_in_another_module_but_not_in_a_test() -> None:
    check = f"""
from django.conf import settings
def ready():
    if settings.SECRET_KEY == '{KEY}':
        return [Error("default")]
"""
    assert not is_told(elsewhere=check)
    assert is_told(elsewhere=check, path="shop/tests/test_settings.py")
    assert is_told(elsewhere="from django.conf import settings\nSECRET_KEY = settings.SECRET_KEY")
