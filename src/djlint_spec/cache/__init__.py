"""Facts of files, and findings of projects, kept between runs by content."""

from __future__ import annotations

from djlint_spec.cache.findings import FindingsFile, Grounds, Part, Parts
from djlint_spec.cache.store import FactsCache, cache_file

__all__ = ["FactsCache", "FindingsFile", "Grounds", "Part", "Parts", "cache_file"]
