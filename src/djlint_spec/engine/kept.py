"""The findings of a project as it lies on disk, kept between processes for as long as nothing they stand on changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from djlint_spec.cache import FactsCache
from djlint_spec.config import Config, select_rules
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.baseline import baseline_file, load_baseline
from djlint_spec.engine.rejudging import Revisit
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.engine.run import disk_tree, environment_of, recheck
from djlint_spec.engine.watched import digest, listed


def findings_on_disk(root: Path, config: Config, cache: FactsCache) -> Mapping[str, Sequence[Finding]]:
    """The findings by file, for every file of the project: those that an earlier process kept, or made and kept.

    Facts, and the findings beside them, are in the cache afterwards. Raises ConfigError for a configuration or a
    baseline that cannot be used.
    """
    visit = Revisit(disk_tree(root, config), config, environment_of(root, config), cache)
    asked = _asked(root, config)
    told = cache.findings.told(asked)
    if told is not None and visit.is_known():
        return told
    report = recheck(visit, config, keep=True)
    baseline = load_baseline(root, config)
    if baseline is not None:
        report = baseline.apply(report, select_rules(rulebook().pages.values(), config), ("",))
    by_file: dict[str, list[Finding]] = {path: [] for path in report.paths}
    for finding in report.findings:
        by_file.setdefault(finding.span.path, []).append(finding)
    visit.tell(asked, by_file)
    cache.save()
    return by_file


def _asked(root: Path, config: Config) -> str:
    """What is reported hangs on, besides what rules say: all options, and what the baseline knows."""
    baseline = baseline_file(root, config)
    return listed([repr(config), digest(baseline.read_bytes()) if baseline.is_file() else ""])
