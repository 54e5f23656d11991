"""djlint-spec: a whole-project static analyser that holds a Django codebase to a spec.

`check(paths, config)` is the Python API: it gives a `Report` with findings sorted by place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from djlint_spec.config import Config as Config
    from djlint_spec.engine import Report as Report
    from djlint_spec.engine import check as check
    from djlint_spec.engine import check_sources as check_sources

__version__ = "0.1.0"

__all__ = ["Config", "Report", "__version__", "check", "check_sources"]

_HOMES = {"Config": "config", "Report": "engine", "check": "engine", "check_sources": "engine"}


def __getattr__(name: str) -> object:
    # The API is loaded when it is asked for: `import djlint_spec` itself costs nothing.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"djlint_spec.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'djlint_spec' has no attribute {name!r}")
