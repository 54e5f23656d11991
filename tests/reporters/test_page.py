"""A rule's page on a terminal."""

from __future__ import annotations

import re

from djlint_spec.catalog import load_pages, parse_page
from djlint_spec.reporters.page import page_text

PAGE = parse_page(
    """+++
code = "DJS999"
name = "a-rule"
family = "orm"
severity = "warning"
fix = "safe"
gate = "Django >= 5.1"
since = "0.1.0"
spec = "ORM: a chapter"
default = false

[options.depth]
default = 3
help = "how far to look"
+++
# a-rule

A sentence of prose that is long enough to be filled anew in a terminal that is not so wide.

## What it flags

- an item that is long enough to go over the end of a line
- another `item`

## Bad: a case

`shop/models.py`:

```python
class A:
    # a comment, no heading
    x = 1
```
""",
    "a-rule.md",
)


def test_it_is_laid_out_for_reading() -> None:
    assert (
        page_text(PAGE, 50, coloured=False)
        == """\
DJS999 a-rule
orm · warning · fix: safe · since 0.1.0 · off by default
Needs Django >= 5.1.
Spec: ORM: a chapter

A sentence of prose that is long enough to be
filled anew in a terminal that is not so wide.

What it flags

- an item that is long enough to go over the end
  of a line
- another `item`

Bad: a case

`shop/models.py`:

    class A:
        # a comment, no heading
        x = 1

Options
  depth = 3
      how far to look

https://djlint-spec.readthedocs.io/rules/a-rule/
"""
    )


def test_colour_makes_headings_bold_and_code_stand_out() -> None:
    told = page_text(PAGE, 50, coloured=True)
    assert "\x1b[1mWhat it flags\x1b[0m" in told
    assert "another \x1b[36mitem\x1b[0m" in told
    assert "    x = 1" in re.sub(r"\x1b\[\d+m", "", told)


def test_every_page_can_be_printed() -> None:
    for page in load_pages():
        told = page_text(page, 80, coloured=False)
        assert told.startswith(f"{page.code} {page.name}\n")
        assert "```" not in told
