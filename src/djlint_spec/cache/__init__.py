"""Facts of files, kept between runs by content."""

from __future__ import annotations

from djlint_spec.cache.store import FactsCache, cache_file

__all__ = ["FactsCache", "cache_file"]
