"""The rules: one module for each page, found by walking, each a plain function over one kind of subject."""

from __future__ import annotations

from djlint_spec.rules.registry import Options, Rule, RuleError, load_rules, rule, rule_folders

__all__ = ["Options", "Rule", "RuleError", "load_rules", "rule", "rule_folders"]
