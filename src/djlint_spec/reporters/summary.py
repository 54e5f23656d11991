"""The last lines of a run, for stderr."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from djlint_spec.diagnostics import Severity
from djlint_spec.engine import Report


def summary(report: Report) -> str:
    """How many findings in how many files, and what the project was taken for."""
    return "\n".join(_lines(report))


def statistics(report: Report) -> str:
    """A line for each rule with findings, the most first: how many, code, whether fixable, name."""
    counts = Counter((finding.code, finding.name) for finding in report.findings)
    fixable = {finding.code for finding in report.findings if finding.fix is not None}
    width = max((len(str(count)) for count in counts.values()), default=0)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return "".join(
        f"{count:>{width}}  {code}  {'[*]' if code in fixable else '[ ]'}  {name}\n" for (code, name), count in ordered
    )


def _lines(report: Report) -> Iterator[str]:
    if not report.files:
        yield "No Python files found."
        return
    for place in report.empty:
        yield f"{place or '.'}: no Python files."
    files = _counted(report.files, "file")
    total = len(report.findings)
    if total:
        where = len({finding.span.path for finding in report.findings})
        kinds = [
            _counted(report.count(severity), severity.value)
            for severity in (Severity.ERROR, Severity.WARNING, Severity.CONVENTION)
            if report.count(severity)
        ]
        found = f"Found {_counted(total, 'finding')} ({', '.join(kinds)}) in {where} of {files}."
        yield " ".join([found, *_fixable(report)])
    else:
        yield f"Nothing to report in {files}."
    if report.known:
        told = "known finding of the baseline is" if report.known == 1 else "known findings of the baseline are"
        yield f"{report.known} {told} not shown."
    if report.gone:
        told = "entry of the baseline is" if report.gone == 1 else "entries of the baseline are"
        yield f"{report.gone} {told} found no more: djlint-spec baseline --prune takes them out."
    if report.older:
        yield f"{_counted(report.older, 'finding')} that {'is' if report.older == 1 else 'are'} older not shown."
    yield from _project(report)


def _counted(count: int, word: str) -> str:
    return f"{count} {word if count == 1 else word + 's'}"


def _fixable(report: Report) -> Iterator[str]:
    safe = sum(1 for finding in report.findings if report.is_fixable(finding))
    unsafe = sum(1 for finding in report.findings if report.is_fixable(finding, unsafe=True)) - safe
    if safe and unsafe:
        yield f"{safe} can be fixed with --fix, {unsafe} more with --unsafe-fixes."
    elif safe:
        yield f"{safe} can be fixed with --fix."
    elif unsafe:
        yield f"{unsafe} can be fixed with --fix --unsafe-fixes."


def _project(report: Report) -> Iterator[str]:
    if report.versions is None:
        return
    versions = report.versions
    known = [
        f"{name} {found}"
        for name, found in (
            ("Django", versions.django),
            ("DRF", versions.drf),
            ("Celery", versions.celery),
            ("Channels", versions.channels),
        )
        if found.known
    ]
    figures = report.figures()
    counted = [_counted(count, what.removesuffix("s")) for what, count in figures.of.items() if count]
    parts = [", ".join(part) for part in (known, counted) if part]
    if figures.asked:
        rest = "" if figures.resolved == figures.asked else " (doctor tells the rest)"
        parts.append(f"{figures.resolved * 100 // figures.asked} % of names resolved{rest}")
    if parts:
        yield " · ".join(parts)
