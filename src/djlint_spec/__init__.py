"""djlint-spec: a whole-project static analyser that holds a Django codebase to a spec."""

from __future__ import annotations

__version__ = "0.1.0"
