"""How a page is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from djlint_spec.catalog import PageError, load_pages, page_of, parse_page
from djlint_spec.catalog.pages import own_pages
from djlint_spec.diagnostics import Severity
from tests.files import write_files

FRONT = """\
+++
code = "ACME001"
name = "no-shouting"
family = "acme"
severity = "warning"
fix = "safe"
since = "1.0.0"
spec = "a handbook"
+++
"""
PAGE = (
    FRONT
    + """
# no-shouting

One sentence
over two lines.

## What it flags

`a/prose.py`: no block.

## Bad: two files

`a/models.py`:

```python
A = 1  # error: "says \\"A\\"" # error: "twice"
B = 2
```

`a/models.py` fixed:

```python
a = 1
B = 2
```

`requirements.txt`:

```
django
```

## Good: nothing

`a/models.py`:

```python
x = 1
```
"""
)


def test_the_front_matter_and_the_text_are_read() -> None:
    page = parse_page(PAGE, "no-shouting.md")
    assert (page.code, page.name, page.family, page.level) == ("ACME001", "no-shouting", "acme", "warning")
    assert page.severity is Severity.WARNING
    assert (page.fix, page.since, page.spec, page.gate, page.default) == ("safe", "1.0.0", "a handbook", None, True)
    assert page.summary == "One sentence over two lines."
    assert page.headings == ("What it flags", "Bad: two files", "Good: nothing")
    assert page.url.endswith("/no-shouting/")


def test_a_section_is_a_project_with_what_it_expects() -> None:
    bad, good = parse_page(PAGE, "x.md").sections
    assert (bad.title, bad.good, good.title, good.good) == ("two files", False, "nothing", True)
    assert bad.files == {"a/models.py": "A = 1\nB = 2\n", "requirements.txt": "django\n"}
    assert bad.fixed == {"a/models.py": "a = 1\nB = 2\n"}
    assert [(one.row, one.part) for one in bad.blocks[0].expected] == [(1, 'says "A"'), (1, "twice")]
    assert not good.blocks[0].expected


def test_a_page_of_a_title_alone_has_no_sentence() -> None:
    assert parse_page(FRONT + "# no-shouting\n", "x.md").summary == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# no-shouting\n", "x.md: no front matter between +++ lines"),
        (FRONT.replace('since = "1.0.0"\n', ""), "x.md: front matter: 'since'"),
        (FRONT.replace('"warning"', '"grave"'), "x.md: front matter: 'grave' is not a valid Severity"),
        (FRONT.replace('"acme"', "acme"), "x.md: front matter: "),
    ],
)
def test_a_page_of_another_form_is_told(text: str, told: str) -> None:
    with pytest.raises(PageError) as caught:
        parse_page(text, "x.md")
    assert str(caught.value).startswith(told)


def test_pages_are_found_at_every_level_and_sorted_by_code(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"b/no-shouting.md": PAGE, "a.md": PAGE.replace("ACME001", "ACME000"), "notes.txt": "", "b/x.py": ""}
    )
    assert [page.code for page in load_pages([tmp_path])] == ["ACME000", "ACME001"]


def test_our_own_pages_lie_beside_the_source() -> None:
    assert (own_pages() / "models" / "non-uuid-primary-key.md").is_file()
    assert load_pages() == load_pages([own_pages()])


def test_a_page_is_named_by_code_or_name() -> None:
    pages = [parse_page(PAGE, "x.md")]
    assert page_of(pages, "acme001") is page_of(pages, "ACME001") is page_of(pages, "no-shouting") is pages[0]
    assert page_of(pages, "ACME002") is None
