"""What the user set, and what the project allows: options, selection of rules, versions."""

from __future__ import annotations

from djlint_spec.config.named_settings import named_settings
from djlint_spec.config.options import Config, ConfigError, find_config, load_config, parse_config
from djlint_spec.config.selection import FileIgnores, RuleInfo, matching, select_rules
from djlint_spec.config.versions import VersionRange, Versions, detect_versions

__all__ = [
    "Config", "ConfigError", "FileIgnores", "RuleInfo", "VersionRange", "Versions", "detect_versions", "find_config",
    "load_config", "matching", "named_settings", "parse_config", "select_rules",
]  # fmt: skip
