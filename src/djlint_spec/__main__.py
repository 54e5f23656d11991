"""`python -m djlint_spec`."""

from __future__ import annotations

from djlint_spec.cli import main

if __name__ == "__main__":
    main()
