"""Text of one Python file to facts. The syntax tree is forgotten at once; bodies wait for `lower_body`."""

from __future__ import annotations

from djlint_spec.extract.extract import Broken, extract, lower_body
from djlint_spec.extract.lower import Bodies

__all__ = ["Bodies", "Broken", "extract", "lower_body"]
