"""What the user lets be fixed: `fixable`, `unfixable`, `extend-safe-fixes` and `extend-unsafe-fixes`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from djlint_spec.config import Config
from djlint_spec.config.selection import RuleInfo, matching
from djlint_spec.diagnostics import Applicability, Finding


def settle_fixes(findings: Iterable[Finding], rules: Iterable[RuleInfo], config: Config) -> list[Finding]:
    """The findings with their fixes as the configuration has them. Display-only fixes stay what they are.

    Raises ConfigError for a selector that names nothing.
    """
    known = list(rules)
    policy = _Policy(known, config)
    return [policy.settle(finding) for finding in findings]


class _Policy:
    def __init__(self, rules: Sequence[RuleInfo], config: Config) -> None:
        self._fixable = _weights(rules, config.fixable, "fixable")
        self._unfixable = _weights(rules, config.unfixable, "unfixable")
        self._safe = _weights(rules, config.extend_safe_fixes, "extend-safe-fixes")
        self._unsafe = _weights(rules, config.extend_unsafe_fixes, "extend-unsafe-fixes")

    def settle(self, finding: Finding) -> Finding:
        fix, code = finding.fix, finding.code
        if fix is None:
            return finding
        # Where two lists name a rule, the more specific selector wins; the stricter one when they are alike.
        if self._fixable.get(code, 0) <= self._unfixable.get(code, 0):
            return replace(finding, fix=None)
        safe, unsafe = self._safe.get(code, 0), self._unsafe.get(code, 0)
        if fix.applicability is Applicability.SAFE and unsafe and unsafe >= safe:
            return replace(finding, fix=replace(fix, applicability=Applicability.UNSAFE))
        if fix.applicability is Applicability.UNSAFE and safe > unsafe:
            return replace(finding, fix=replace(fix, applicability=Applicability.SAFE))
        return finding


def _weights(rules: Sequence[RuleInfo], selectors: Iterable[str], where: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for selector in selectors:
        for code, weight in matching(rules, selector, where).items():
            found[code] = max(weight, found.get(code, 0))
    return found
