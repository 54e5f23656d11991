"""`djlint-spec doctor`: what a project is taken for, and what could not be resolved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.files import write_files

FILES = {
    "manage.py": "",
    "requirements.txt": "django>=5.1,<6\n",
    "pins.txt": "django==5.1\n",
    "requirements-dev.txt": "-c pins.txt\n",
    "config/settings.py": "INSTALLED_APPS = ['shop']\nDATABASES = {}\nAUTH_USER_MODEL = 'shop.Person'\n",
    "shop/models.py": """\
    from django.db import models
    from acme.models import Base


    class Person(models.Model):
        pass


    class Order(Base, models.Model):
        pass
    """,
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return write_files(tmp_path, FILES)


def test_people_read_what_was_detected_and_from_which_file(shop: Path) -> None:
    ended = run("doctor")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "Versions",
        "  Django     5.1        pins.txt:1 ==5.1",
        "                        requirements.txt:1 <6,>=5.1",
        "  DRF        3.14-3.18  not declared: every supported version is assumed",
        "  Celery     5.0-5.7    not declared: every supported version is assumed",
        "  Channels   4.0-4.3    not declared: every supported version is assumed",
        "Apps              shop",
        "User model        shop.Person",
        "Base model        -",
        "Soft-delete base  -",
        "Settings          config.settings (shared)",
        "Conventions       -",
        "Found             2 models, 0 serializers, 0 views, 0 list endpoints, 0 tasks",
        "Resolved",
        "  model bases              1 of 2 (50 %)",
        "       1 x base class of a package not at hand: shop.models.Order (acme.models.Base)",
        "  serializers              0 of 0 (100 %)",
        "  list-endpoint querysets  0 of 0 (100 %)",
    ]


def test_programs_read_the_same_as_json(shop: Path) -> None:
    told = json.loads(run("doctor", ".", "--output-format", "json").out)
    assert told["versions"]["Django"] == {
        "range": "5.1",
        "declared": ["pins.txt:1 ==5.1", "requirements.txt:1 <6,>=5.1"],
    }
    assert told["apps"] == ["shop"]
    assert told["user_model"] == "shop.Person"
    assert told["counts"]["models"] == 2
    assert told["resolution"]["model bases"] == {
        "seen": 2,
        "resolved": 1,
        "causes": {
            "base class of a package not at hand": {"count": 1, "examples": ["shop.models.Order (acme.models.Base)"]}
        },
    }


def test_an_empty_folder_is_no_trouble(tmp_path: Path) -> None:
    ended = run("doctor", tmp_path)
    assert ended.code == 0
    assert "Apps              -" in ended.out


def test_mistakes_are_2_in_one_line(shop: Path) -> None:
    assert run("doctor", "nowhere").err == "djlint-spec: nowhere: no such file or folder\n"
    write_files(shop, {"djlint-spec.toml": "django = 'five'\n"})
    ended = run("doctor")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith('djlint-spec: djlint-spec.toml: django: "five" is no version range')
