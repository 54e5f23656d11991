"""From a project to judgements: each rule on each of its subjects."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from djlint_spec.catalog import Page
from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.progress import Progress, untold
from djlint_spec.engine.report import Fault, Judgement
from djlint_spec.engine.rulebook import Rulebook
from djlint_spec.project import Project
from djlint_spec.rules.subjects import SUBJECTS, place_of


@dataclass(slots=True)
class Judged:
    """What the rules said, where they failed, and the subjects that they looked at, by type."""

    judgements: list[Judgement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    subjects: dict[type[Any], tuple[object, ...]] = field(default_factory=dict)  # keyed as SUBJECTS is


def judge(
    project: Project, book: Rulebook, selected: Collection[str], config: Config, progress: Progress = untold
) -> Judged:
    """Run the selected rules. One that fails takes no other's work along."""
    judged = Judged()
    runs = [(book.pages[code], rule) for code, rule in sorted(book.rules.items()) if code in selected]
    options = {page.code: book.options(page, config) for page, _ in runs}
    for number, (page, rule) in enumerate(runs):
        progress("checking rules", number, len(runs))
        if rule.subject not in judged.subjects:
            try:
                judged.subjects[rule.subject] = tuple(SUBJECTS[rule.subject](project))
            except Exception as error:  # noqa: BLE001 - a bug of ours must not take the other rules' work along
                judged.faults.append(fault_of(page, None, error))
                continue
        for subject in judged.subjects[rule.subject]:
            try:
                findings = tuple(made(page, finding) for finding in rule.run(subject, project, options[page.code]))
            except Exception as error:  # noqa: BLE001 - as above
                judged.faults.append(fault_of(page, subject, error))
                continue
            if findings:
                judged.judgements.append(Judgement(page.code, findings))
    return judged


def made(page: Page, finding: Finding) -> Finding:
    """A rule's finding with what its page says."""
    lowered = finding.severity
    severity = page.severity if lowered is None or lowered.rank > page.severity.rank else lowered
    return replace(finding, code=page.code, name=page.name, url=page.url, severity=severity)


def fault_of(page: Page, subject: object, error: Exception) -> Fault:
    path, row = place_of(subject)
    deepest = traceback.extract_tb(error.__traceback__)[-1]
    return Fault(
        rule=f"{page.code} {page.name}",
        path=path,
        row=row,
        error=f"{type(error).__name__}: {' '.join(str(error).split())}"[:300],
        raised_at=f"{Path(deepest.filename).name}:{deepest.lineno}",
        traceback="".join(traceback.format_exception(error)),
    )
