"""Base classes that a string names."""

from __future__ import annotations

import pytest

from tests.linked import class_of, linked

_FILES = {
    "config/settings.py": """
        INSTALLED_APPS = []
        MIXIN = "shop.mixins.Loud"
        COMPUTED = pick()
        NOTHING = "shop.gone.Loud"
    """,
    "shop/__init__.py": "",
    "shop/mixins.py": "class Loud:\n    pass\n\n\ndef quiet(path):\n    return path\n",
    "shop/loading.py": """
        from django.utils.module_loading import import_string
        import pydoc


        def load(path):
            if path is None:
                return None
            if isinstance(path, str):
                return _from(path)
            return path


        def _from(path):
            try:
                return import_string(path)
            except ImportError as error:
                raise ImportError(f"no {path}") from error


        def located(path):
            return pydoc.locate(path)


        def round_and_round(path):
            return round_and_round(path)
    """,
}


@pytest.mark.parametrize(
    ("base", "found"),
    [
        ("load(settings.MIXIN)", True),
        ('load("shop.mixins.Loud")', True),
        ('import_string("shop.mixins.Loud")', True),
        ('located("shop.mixins.Loud")', True),
        ("load(settings.COMPUTED)", False),
        ("load(settings.ABSENT)", False),
        ("load(settings.NOTHING)", False),
        ('quiet("shop.mixins.Loud")', False),
        ('round_and_round("shop.mixins.Loud")', False),
        ('load("shop.mixins.Loud", True)', False),
        ('gone("shop.mixins.Loud")', False),
    ],
)
def test_a_base_class_may_come_by_its_dotted_name(base: str, found: bool) -> None:
    text = (
        "from django.conf import settings\nfrom django.utils.module_loading import import_string\n"
        "from elsewhere import gone\nfrom shop.loading import load, located, round_and_round\n"
        f"from shop.mixins import quiet\nBase = {base}\nclass Thing(Base): pass\nclass Other({base}): pass\n"
    )
    project = linked({**_FILES, "shop/things.py": text})
    for name in ("Thing", "Other"):
        cls = class_of(project, f"shop.things.{name}")
        assert [base.dotted for base in cls.mro[1:]] == (["shop.mixins.Loud"] if found else []), name
        assert bool(cls.unresolved_bases) is not found, name
