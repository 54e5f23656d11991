"""The page of DJS501 under contention: what it calls bad goes wrong, what it calls good does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from djlint_spec.catalog import Section, load_pages

ROOT = Path(__file__).parents[2]
PAGE = next(page for page in load_pages([ROOT / "rules"]) if page.code == "DJS501")
ENTRIES = {
    "the lock is released in a finally around the test": ["with distributed_lock('key'):\n    work()"],
    "what stands before the acquire may raise": ["Counter().add(None)"],
    "a lock in an attribute, made in a base class": ["Rebuild().run()"],
    "inside a decorator": ["exclusive(work)()"],
    "multiprocessing and asyncio": ["export()", "Feed().push()", "Feed().push_soon()"],
    "the flag is tested in the finally": ["rebuild()", "Rebuild().run()"],
    "an attribute tells that the lock is held": ["Counter().count()"],
}
"""What is called in a section that does more than define functions."""
NOT_RUN = {
    "advisory locks of PostgreSQL": "needs a PostgreSQL",
    "advisory locks by constants": "needs a PostgreSQL",
    "advisory locks with their result": "needs a PostgreSQL",
    "a counter is not a lock": "the counter of another goes, which is no matter of locks",
    "release() and acquire() of other things": "the schedule and the pool are nobody's",
    "an acquire() of the project's own that raises": "the row is nobody's",
    "the lock is owned across functions": "who acquires is another function, here left unjudged",
    "a lock handed in by an unknown caller, and one handed on": "the caller is not there",
}


def _title(section: Section) -> str:
    return section.title.partition(": ")[2] or section.title


RUN = [section for section in PAGE.sections if _title(section) not in NOT_RUN]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, set[tuple[str, int]]]:
    """For each section, the places where a release went wrong; all run in one process."""
    runs = []
    for section in RUN:
        files = dict(section.files)
        last = next(reversed(files))
        text = "\n".join(files.values())
        runs.append(
            {
                "files": {last: files.pop(last), **files},
                "entries": ENTRIES.get(_title(section), []),
                "memory": ".lock(" not in text and "get_redis" not in text,
            }
        )
    done = subprocess.run(
        [sys.executable, "-m", "tests.flow.contention"],
        input=json.dumps(runs),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {section.title: {(path, row) for path, row in places} for section, places in zip(RUN, found, strict=True)}


@pytest.mark.parametrize("section", RUN, ids=lambda section: section.title)
def test_a_release_goes_wrong_where_the_page_says(section: Section, outcomes: dict[str, set[tuple[str, int]]]) -> None:
    expected = {(block.path, error.row) for block in section.blocks for error in block.expected}
    assert outcomes[section.title] == expected


def test_only_named_sections_are_not_run() -> None:
    assert NOT_RUN.keys() <= {_title(section) for section in PAGE.sections}
