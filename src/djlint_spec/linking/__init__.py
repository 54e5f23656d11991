"""Facts of many files to one `Project`: which dotted name means which file, here, installed or in the library."""

from __future__ import annotations

from djlint_spec.linking.link import link, relink

__all__ = ["link", "relink"]
