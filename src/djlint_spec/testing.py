"""Runs the pages of rules as tests, ours or a package's own; and writes the skeleton of a new rule.

`python -m djlint_spec.testing new DJS118 soft-delete-bypassed` makes a page and a module in a checkout.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

from djlint_spec.catalog import Page, Section
from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import check_sources, fix_sources

FAMILIES = {
    "0": "project", "1": "models", "2": "drf", "3": "orm", "4": "celery", "5": "redis", "6": "channels",
    "7": "security", "8": "admin", "9": "tests",
}  # fmt: skip
"""The family of a code, by its first digit."""


def page_failures(page: Page) -> list[str]:
    """What a page's sections expect and do not get, or get and do not expect; empty when all holds."""
    return [
        f"{page.name}: {section.title}: {failure}" for section in page.sections for failure in failures(page, section)
    ]


def failures(page: Page, section: Section) -> Iterator[str]:
    """The failures of one section: only the page's own rule runs on it."""
    report = check_sources(section.files, Config(select=(page.code,)))
    for fault in report.faults:
        yield f"the rule failed: {fault.error} on {fault.path}"
    left = list(report.findings)
    if section.good:
        yield from (f"unexpected {_told(finding)}" for finding in left)
        return
    if not any(block.expected for block in section.blocks):
        yield "a Bad section expects no finding"
    for block in section.blocks:
        for expected in block.expected:
            met = next((f for f in left if _meets(f, block.path, expected.row, expected.part)), None)
            if met is None:
                yield f"no finding at {block.path}:{expected.row} that says {expected.part!r}"
            else:
                left.remove(met)
    yield from (f"unexpected {_told(finding)}" for finding in left)
    if section.fixed:
        yield from _fix_failures(page, section)


def _fix_failures(page: Page, section: Section) -> Iterator[str]:
    """What the page's fixes, unsafe ones included, leave otherwise than the section's `fixed` blocks say."""
    fixing = fix_sources(section.files, Config(select=(page.code,)), unsafe=True)
    for fault in fixing.faults:
        yield f"{fault.rule} on {fault.path}: {fault.error}"
    for path in sorted({*section.fixed, *fixing.after}):
        text = fixing.after.get(path, section.files[path])
        expected = section.fixed.get(path, section.files[path])
        if text != expected:
            lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), "the page", "the fix", lineterm="")
            yield f"{path} is fixed otherwise:\n" + "\n".join(lines)


def _meets(finding: Finding, path: str, row: int, part: str) -> bool:
    return finding.span.path == path and finding.span.row == row and part in finding.message


def _told(finding: Finding) -> str:
    return f"{finding.span.path}:{finding.span.row}: {finding.message}"


_PAGE = """+++
code = "{code}"
name = "{name}"
family = "{family}"
severity = "warning"
fix = "none"
since = "{since}"
spec = ""
+++
# {name}

One sentence: what happens at run time.

## What it flags

## Why

## When to ignore it

## Bad: the plain case

`shop/models.py`:

```python
from django.db import models  # error: ""
```

## Good: a trap

`shop/models.py`:

```python
from django.db import models
```

## Good: another trap

`shop/models.py`:

```python
from django.db import models
```
"""

_MODULE = '''"""One sentence, as on the page."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding
from djlint_spec.project import Project
from djlint_spec.project.models import Model
from djlint_spec.rules import rule


@rule
def check(model: Model, project: Project) -> Iterator[Finding]:
    """What is reported, and where."""
    yield from ()
'''


def new_rule(code: str, name: str, root: Path) -> tuple[Path, Path]:
    """Write the skeletons of a rule's page and module below `root`; the paths of both.

    Raises FileExistsError when either is there.
    """
    from djlint_spec import __version__

    family = FAMILIES[code.removeprefix("DJS")[0]]
    page = root / "rules" / family / f"{name}.md"
    module = root / "src" / "djlint_spec" / "rules" / family / f"{name.replace('-', '_')}.py"
    for path, text in (
        (page, _PAGE.format(code=code, name=name, family=family, since=__version__)),
        (module, _MODULE),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    package = module.parent / "__init__.py"
    if not package.exists():
        package.write_text(f'"""Rules on {family}."""\n', encoding="utf-8")
    return page, module


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] != "new":
        sys.exit("usage: python -m djlint_spec.testing new CODE NAME")
    for written in new_rule(sys.argv[2], sys.argv[3], Path.cwd()):
        print(written)
