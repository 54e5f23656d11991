"""No renderer prints a secret, whatever rules run and wherever the secret stands."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from djlint_spec.cli.main import main
from djlint_spec.config import Config
from djlint_spec.diagnostics import Applicability, Finding, Fix, Related
from djlint_spec.engine import check_sources
from djlint_spec.engine.diagnosis import diagnosis_of
from djlint_spec.engine.masking import Masking
from djlint_spec.reporters import FORMATS, Style, write
from tests.linked import linked

TOKEN = "bN5wKe8TzRq2vXc7PmYs4LdGh9Jf6UaD"
PASSWORD = "mQ6zv3KxT8nRcB2h"
GITHUB = "ghp_" + "T8xVe3QzLq7wXb5UnZs2MdJc9Nk4GaR6Yk1W"
# None of them stands on a rule's page, which some formats print.
SECRETS = (TOKEN, PASSWORD, GITHUB, "MIIEpAIBAAKCAQEAt7r5w2Yv3oXn9zLq6sMe1uJg4hKd8cWy0vFp5jUb7xRa3lNo")
FILES = {
    "requirements.txt": "Django>=5.2,<5.3\n",
    "shop/models.py": f'''from django.db import models

# the old one: {GITHUB}
API_TOKEN = "{TOKEN}"; BROKER = "redis://:{PASSWORD}@queue/0"
KEY = """-----BEGIN PRIVATE KEY-----
{SECRETS[3]}
-----END PRIVATE KEY-----
"""


class Order(models.Model):
    id = models.BigAutoField(primary_key=True, help_text="{GITHUB}")
    api_token = models.CharField(max_length=64, default=use(token="{TOKEN}"))

    class Meta:
        constraints = [models.CheckConstraint(check=models.Q(api_token="{TOKEN}"), name="has_token")]
''',
}


@pytest.mark.parametrize("selected", [("DJS701",), ("DJS101", "DJS104"), ("DJS101", "DJS104", "DJS701")])
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_format_prints_a_secret(name: str, selected: tuple[str, ...], tmp_path: Path) -> None:
    report = check_sources(FILES, Config(select=selected))
    assert {finding.code for finding in report.findings} == set(selected)
    printed = write(report, name, Style(tmp_path, tmp_path, width=300))
    assert printed
    assert [secret for secret in SECRETS if secret in printed] == []


def test_the_command_prints_no_secret(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for arguments in (["check"], ["check", "--verbose", "--output-format", "json"], ["doctor"]):
        result = CliRunner().invoke(main, [*arguments, str(tmp_path)])
        assert result.output
        assert [secret for secret in SECRETS if secret in result.output] == []


def test_a_suppressed_secret_is_covered_beside_another_finding() -> None:
    files = {
        "shop/models.py": "from django.db import models\n\n\nclass Order(models.Model):\n"
        f'    id = models.AutoField(primary_key=True, **use(token="{TOKEN}"))  # noqa: DJS701\n',
    }
    report = check_sources(files, Config(select=("DJS101", "DJS701")))
    assert [finding.code for finding in report.findings] == ["DJS101"]
    assert TOKEN not in report.sources["shop/models.py"]


def test_lines_quotes_and_columns_stay() -> None:
    report = check_sources(FILES, Config(select=("DJS701",)))
    shown, text = report.sources["shop/models.py"], FILES["shop/models.py"]
    assert [len(line) for line in shown.splitlines()] == [len(line) for line in text.splitlines()]
    assert shown.splitlines()[3].startswith(f'API_TOKEN = "{"*" * len(TOKEN)}"; BROKER = "****')
    assert shown.splitlines()[5] == "*" * len(SECRETS[3])


def test_words_that_quote_the_source_are_covered() -> None:
    project = linked({"shop/code.py": f'API_TOKEN = "{TOKEN}"\nuser.set_password("admin")\n'})
    masking = Masking(project, ["shop/code.py", "shop/none.py"])
    span = project.modules[0].span_of(0, 3)
    finding = Finding(
        span,
        f"says {TOKEN}",
        help=f"write x = '{TOKEN}'",
        cost=TOKEN,
        fix=Fix(f"put {TOKEN}", Applicability.SAFE, ()),
        related=(Related(span, TOKEN, TOKEN, TOKEN),),
        data={"a": TOKEN, "b": [TOKEN, 1], "c": {"d": TOKEN}, "e": None},
    )
    covered = masking.finding(finding)
    assert TOKEN not in repr(covered)
    assert covered.data == {"a": "***", "b": ["***", 1], "c": {"d": "***"}, "e": None}
    assert masking.finding(replace(finding, fix=None)).fix is None
    assert masking.text('the admin of "admin"') == 'the admin of "***"'


def test_a_project_without_secrets_is_told_as_it_is() -> None:
    project = linked({"shop/code.py": "NAME = 'ada'\n"})
    masking = Masking(project, ["shop/code.py"])
    finding = Finding(project.modules[0].span_of(0, 3), "says NAME = 'ada'")
    assert masking.finding(finding) is finding
    assert masking.text("ada") == "ada"
    assert masking.source("shop/code.py", "NAME = 'ada'\n") == "NAME = 'ada'\n"


def test_doctor_covers_secrets_in_what_was_not_resolved() -> None:
    project = linked(
        {
            "shop/models.py": (
                f'from django.db import models\n\nclass A(make(api_token="{TOKEN}"), models.Model):\n    pass\n'
            ),
            "shop/settings/production.py": f'INSTALLED_APPS = ["shop"]\nSECRET_KEY = "{TOKEN}"\n',
        }
    )
    diagnosis = diagnosis_of(project)
    told = io.StringIO()
    json.dump(diagnosis.as_json(), told)
    assert TOKEN not in diagnosis.as_text() + told.getvalue()
    assert diagnosis.settings == ("shop.settings.production (production)",)
