"""Facts of files, and findings of projects, kept between runs by content."""

from __future__ import annotations

from djlint_spec.cache.findings import Grounds, load_findings, save_findings
from djlint_spec.cache.store import FactsCache, cache_file

__all__ = ["FactsCache", "Grounds", "cache_file", "load_findings", "save_findings"]
