"""The runner of pages tells every way in which a page can be wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from djlint_spec.catalog import load_pages, parse_page
from djlint_spec.testing import new_rule, page_failures

FRONT = """\
+++
code = "DJS101"
name = "non-uuid-primary-key"
family = "models"
severity = "convention"
fix = "display"
since = "0.1.0"
spec = "-"
+++
# non-uuid-primary-key
"""
MODEL = """
## {kind}: a case

`shop/models.py`:

```python
from django.db import models


class Order(models.Model):
    id = models.AutoField(primary_key=True){comment}
```
"""


def failures(kind: str, comment: str = "") -> list[str]:
    return page_failures(parse_page(FRONT + MODEL.format(kind=kind, comment=comment), "x.md"))


def test_a_page_that_holds_fails_in_nothing() -> None:
    assert failures("Bad", '  # error: "keyed by `id`"') == []


def test_a_finding_in_a_good_section_is_told() -> None:
    (told,) = failures("Good")
    assert told.startswith("non-uuid-primary-key: a case: unexpected shop/models.py:5: ")


def test_a_bad_section_that_expects_nothing_is_told() -> None:
    assert "non-uuid-primary-key: a case: a Bad section expects no finding" in failures("Bad")


@pytest.mark.parametrize("comment", ['  # error: "something else"', '  # error: "keyed" # error: "keyed"'])
def test_a_finding_that_is_expected_and_not_there_is_told(comment: str) -> None:
    assert any("no finding at shop/models.py:5 that says" in told for told in failures("Bad", comment))


def test_a_finding_that_is_there_and_not_expected_is_told() -> None:
    told = page_failures(
        parse_page(FRONT + MODEL.format(kind="Bad", comment="") + '\n```\n# error: "x"\n```\n', "x.md")
    )
    assert any("unexpected shop/models.py:5" in one for one in told)


class TestNewRule:
    def test_it_writes_a_page_and_a_module_that_fit_together(self, tmp_path: Path) -> None:
        page, module = new_rule("DJS399", "some-rule", tmp_path)
        assert page == tmp_path / "rules" / "orm" / "some-rule.md"
        assert module == tmp_path / "src" / "djlint_spec" / "rules" / "orm" / "some_rule.py"
        (parsed,) = load_pages([tmp_path / "rules"])
        assert (parsed.code, parsed.name, parsed.family) == ("DJS399", "some-rule", "orm")
        assert [section.good for section in parsed.sections] == [False, True, True]
        assert (module.parent / "__init__.py").read_text() == '"""Rules on orm."""\n'
        compile(module.read_text(), str(module), "exec")

    def test_it_overwrites_nothing(self, tmp_path: Path) -> None:
        new_rule("DJS399", "some-rule", tmp_path)
        new_rule("DJS398", "other-rule", tmp_path)
        with pytest.raises(FileExistsError):
            new_rule("DJS399", "some-rule", tmp_path)

    def test_it_is_a_command(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "djlint_spec.testing"]
        done = subprocess.run(
            [*command, "new", "DJS118", "a-rule"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert [Path(line).name for line in done.stdout.splitlines()] == ["a-rule.md", "a_rule.py"]
        wrong = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert wrong.returncode == 1
        assert "usage: python -m djlint_spec.testing new CODE NAME" in wrong.stderr
