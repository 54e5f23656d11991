"""App labels, from what settings and AppConfigs say, and from folders where they say nothing."""

from __future__ import annotations

import pytest

from tests.linked import class_of, linked

_MODEL = "from django.db import models\nclass M(models.Model): pass\n"
_CONFIG = "class Config(AppConfig):\n    name = 'shop'\n    label = 's'\n"
_SUMMED = """
    THEIRS = ("django.contrib.auth",)
    OURS = ["shop.inner"] + MORE
    INSTALLED_APPS = [*THEIRS, *OURS, "gone.app"]
    MORE = ["shop.apps.Config", "shop.apps.Nobody"]
"""


@pytest.mark.parametrize(
    ("files", "module", "label"),
    [
        ({"shop/models.py": _MODEL}, "shop.models", "shop"),
        ({"shop/models/__init__.py": "", "shop/models/deep/order.py": _MODEL}, "shop.models.deep.order", "shop"),
        ({"shop/inner/things.py": _MODEL}, "shop.inner.things", "inner"),
        ({"models.py": _MODEL}, "models", "models"),
        (
            {
                "conf/settings.py": _SUMMED,
                "shop/__init__.py": "",
                "shop/apps.py": f"from django.apps import AppConfig\n{_CONFIG}",
                "shop/parts/x.py": _MODEL,
            },
            "shop.parts.x",
            "s",
        ),
        (
            {
                "conf/settings.py": _SUMMED,
                "shop/__init__.py": "",
                "shop/inner/__init__.py": "",
                "shop/inner/deep/x.py": _MODEL,
            },
            "shop.inner.deep.x",
            "inner",
        ),
        (
            {
                "shop/__init__.py": "",
                "shop/apps.py": "class Config:\n    name = 'shop'\n    label = 'no'\n",
                "shop/models.py": _MODEL,
            },
            "shop.models",
            "shop",
        ),
    ],
)
def test_a_model_is_named_by_its_app(files: dict[str, str], module: str, label: str) -> None:
    project = linked({"manage.py": "", **files})
    model = project.models.of(class_of(project, f"{module}.M"))
    assert model is not None and model.label == f"{label}.M"
