"""Settings modules that the configuration of other tools names: pytest-django, tox, django-stubs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

_FILES = ("pytest.ini", ".pytest.ini", "pytest.toml", "tox.ini", "setup.cfg", "pyproject.toml", "mypy.ini")
_NAMED = re.compile(
    r"""^[^#;\n]*?(?:DJANGO_SETTINGS_MODULE\s*[=:]|django_settings_module\s*=|--ds[= ])\s*["']?([A-Za-z_][\w.]*)""",
    re.MULTILINE,
)


class _Files(Protocol):
    def text(self, path: str) -> str | None: ...
    def names(self, folder: str = "") -> Iterable[str]: ...


def named_settings(files: _Files) -> tuple[str, ...]:
    """The dotted names that such files give, at the root or beside a manage.py right below it, in order."""
    folders = ["", *(f"{name}/" for name in sorted(files.names()) if "manage.py" in files.names(name))]
    found: dict[str, None] = {}
    for folder in folders:
        for name in _FILES:
            text = files.text(folder + name) or ""
            if "settings" in text.lower() or "--ds" in text:
                found.update(dict.fromkeys(_NAMED.findall(text)))
    return tuple(found)
