"""The findings of a project as it lies on disk, kept between processes for as long as nothing they stand on changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from djlint_spec.cache import FactsCache
from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.locating import baseline_file, disk_tree, environment_of
from djlint_spec.engine.standing import Standing
from djlint_spec.engine.watched import digest, listed


def findings_on_disk(root: Path, config: Config, cache: FactsCache) -> Mapping[str, Sequence[Finding]]:
    """The findings by file, for every file of the project: those that an earlier process kept, or made and kept.

    Facts, and the findings beside them, are in the cache afterwards. Raises ConfigError for a configuration or a
    baseline that cannot be used.
    """
    standing = Standing(disk_tree(root, config), config, environment_of(root, config), cache)
    asked = _asked(root, config)
    told = standing.told(asked)
    if told is not None:
        return told
    found = _found(root, standing)
    standing.tell(asked, found)
    cache.save()
    return found


def _found(root: Path, standing: Standing) -> dict[str, list[Finding]]:
    # Most runs on one file come upon a project as it was, and need not load what judges one.
    from djlint_spec.engine.baseline import load_baseline
    from djlint_spec.engine.rulebook import check_config
    from djlint_spec.engine.run import recheck

    report = recheck(standing, keep=True)
    baseline = load_baseline(root, standing.config)
    if baseline is not None:
        report = baseline.apply(report, check_config(standing.config), ("",))
    by_file: dict[str, list[Finding]] = {path: [] for path in report.paths}
    for finding in report.findings:
        by_file.setdefault(finding.span.path, []).append(finding)
    return by_file


def _asked(root: Path, config: Config) -> str:
    """What is reported hangs on, besides what rules say: all options, and what the baseline knows."""
    baseline = baseline_file(root, config)
    return listed([repr(config), digest(baseline.read_bytes()) if baseline.is_file() else ""])
