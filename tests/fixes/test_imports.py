"""Imports are added as the file writes its own, in isort's order, and never twice."""

from __future__ import annotations

import pytest

from djlint_spec.diagnostics import AddImport, RemoveCall
from tests.fixes.lowering import at, fixed, lowered, refused

PROJECT = {"shop/__init__.py": "", "shop/models.py": "", "crm/__init__.py": ""}


def imported(text: str, module: str, name: str = "", path: str = "shop/api.py") -> str:
    """A file with one import more."""
    return lowered({**PROJECT, path: text}, AddImport(path, module, name))[path]


@pytest.mark.parametrize(
    ("text", "module", "name", "expected"),
    [
        # Into an import that is there.
        ("from shop.models import A, C\n", "shop.models", "B", "from shop.models import A, B, C\n"),
        ("from shop.models import A\n", "shop.models", "B", "from shop.models import A, B\n"),
        (
            "from shop.models import (\n    A,\n    C,\n)\n",
            "shop.models",
            "B",
            "from shop.models import (\n    A,\n    B,\n    C,\n)\n",
        ),
        (
            "from shop.models import (\n    A,  # first\n)\n",
            "shop.models",
            "B",
            "from shop.models import (\n    A,  # first\n    B,\n)\n",
        ),
        (
            "from django.db.models import F, Q\n",
            "django.db.models",
            "Count",
            "from django.db.models import Count, F, Q\n",
        ),
        ("from x import CONST, Cls, fun\n", "x", "Bar", "from x import CONST, Bar, Cls, fun\n"),
        ("from x import b, A\n", "x", "B", "from x import b, A, B\n"),
        ("from .models import A\n", "shop.models", "B", "from .models import A, B\n"),
        # A line of its own, in its section.
        ("import os\nimport sys\n", "json", "", "import json\nimport os\nimport sys\n"),
        (
            "import os\n\nfrom django.db import models\n",
            "django.db.models",
            "Q",
            "import os\n\nfrom django.db import models\nfrom django.db.models import Q\n",
        ),
        (
            "from rest_framework import serializers\n",
            "django.db.models",
            "Q",
            "from django.db.models import Q\nfrom rest_framework import serializers\n",
        ),
        (
            "from rest_framework import serializers\n\nx = 1\n",
            "shop.models",
            "A",
            "from rest_framework import serializers\n\nfrom shop.models import A\n\nx = 1\n",
        ),
        (
            "from shop.models import A\n",
            "django.db.models",
            "Q",
            "from django.db.models import Q\n\nfrom shop.models import A\n",
        ),
        ("from shop.models import A\n", "crm.models", "B", "from crm.models import B\nfrom shop.models import A\n"),
        ("from django.db import models\n", "os", "", "import os\n\nfrom django.db import models\n"),
        ("import celery\n", "django.db.models", "Q", "import celery\nfrom django.db.models import Q\n"),
        ("from .serializers import S\n", "shop.models", "A", "from .models import A\nfrom .serializers import S\n"),
        ("from .serializers import S\n", "crm.models", "A", "from crm.models import A\n\nfrom .serializers import S\n"),
        # Where there is none yet.
        ("x = 1\n", "os", "", "import os\n\nx = 1\n"),
        ("", "os", "", "import os\n"),
        (
            "#!/usr/bin/env python\n# made by hand\nx = 1\n",
            "os",
            "",
            "#!/usr/bin/env python\n# made by hand\nimport os\n\nx = 1\n",
        ),
        ('"""Doc."""\n\nx = 1\n', "os", "", '"""Doc."""\n\nimport os\n\nx = 1\n'),
        ('"""Doc."""\nx = 1\n', "os", "", '"""Doc."""\n\nimport os\n\nx = 1\n'),
        ('"""Doc."""\n', "os", "", '"""Doc."""\n\nimport os\n'),
        (
            "from __future__ import annotations\n\nx = 1\n",
            "os",
            "",
            "from __future__ import annotations\n\nimport os\n\nx = 1\n",
        ),
        ("import sys", "os", "", "import os\nimport sys"),
        ("import os", "sys", "", "import os\nimport sys"),
    ],
)
def test_an_import_stands_where_isort_puts_it(text: str, module: str, name: str, expected: str) -> None:
    assert imported(text, module, name) == expected


@pytest.mark.parametrize(
    ("text", "module", "name"),
    [
        ("from shop.models import A\n", "shop.models", "A"),
        ("from .models import A\n", "shop.models", "A"),
        ("from shop import A\n", "shop.models", "A"),
        ("import os\n", "os", ""),
        ("import os.path\n", "os", ""),
    ],
)
def test_what_is_bound_already_is_not_imported_again(text: str, module: str, name: str) -> None:
    assert refused({**PROJECT, "shop/api.py": text}, AddImport("shop/api.py", module, name)) == (
        "there is nothing to change"
    )


@pytest.mark.parametrize(
    "text",
    [
        "from crm.models import A\n",
        "import A\n",
        "A = 1\n",
        "def f(A):\n    return A\n",
        "class A: ...\n",
        "async def A(): ...\n",
        "def f():\n    from crm.models import A\n",
    ],
)
def test_a_name_that_means_something_else_is_left(text: str) -> None:
    why = refused({**PROJECT, "shop/api.py": text}, AddImport("shop/api.py", "shop.models", "A"))
    assert why == "`A` means something else in shop/api.py"


def test_a_name_of_the_file_itself_is_not_imported() -> None:
    assert "is defined in shop/models.py itself" in refused(PROJECT, AddImport("shop/models.py", "shop.models", "A"))


def test_lines_with_several_statements_are_left() -> None:
    for text in ("import os; x = 1\n", "x = 1; import os\n"):
        assert "share the line" in refused({"a.py": text}, AddImport("a.py", "sys"), AddImport("a.py", "json"))


def test_several_imports_of_one_fix_stand_in_order() -> None:
    files = {**PROJECT, "shop/api.py": "from shop.models import A\n\nx = 1\n"}
    wanted = [("django.db.models", "Subquery"), ("django.db.models", "Count"), ("os", ""), ("shop.models", "B")]
    made = lowered(files, *(AddImport("shop/api.py", module, name) for module, name in wanted))
    assert made["shop/api.py"] == (
        "import os\n\nfrom django.db.models import Count, Subquery\n\nfrom shop.models import A, B\n\nx = 1\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import f\n\nimport x\n\n", "import x\n\n"),
        ("\nimport f\n\n\n", ""),
        ("import x\n\nimport f\n\n\n", "import x\n\n\n"),
        ("import x\r\n\r\nimport f\r\n\r\n\r\n", "import x\r\n\r\n\r\n"),
        ('"""Doc."""\n\nimport f\n\nimport x\n\n', '"""Doc."""\n\nimport x\n\n'),
        ("import a\nimport f\n\nimport x\n\n", "import a\n\nimport x\n\n"),
        ("import f\nimport x\n\n", "import x\n\n"),
    ],
)
def test_an_import_that_is_unused_now_leaves_no_empty_lines(before: str, after: str) -> None:
    text = f"{before}y = f(x)\n"
    assert fixed(text, RemoveCall(at(text, "f(x)"))) == f"{after}y = x\n"
