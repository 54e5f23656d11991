"""Make what is right in the corpora wrong, one place at a time, and tell which of it the check finds.

    python benchmarks/mutate.py [--into DIRECTORY] [--operator NAME] [NAME ...]

The facts of a project are extracted once; a mutant replaces those of one file, links the project anew and judges what
the change can bear on: the views that inherit from the mutated class, the functions of the mutated file, or all
models and settings. A mutant is found if the rules of its operator say something that they did not say before; of a
loading that is taken away, if what they say names it.

Results are kept in `mutants.json`. A mutant that is not found is either without effect (nothing reads what is no
longer loaded) or missed; which, and why, stands in `mutants.toml`, written by hand after reading the code.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fetch_corpora import home, present, tomllib
from mutation.operators import Mutant, mutants

from djlint_spec.config import Config, Versions, detect_versions
from djlint_spec.engine.rulebook import Rulebook, rulebook
from djlint_spec.extract import Broken, extract, lower_body
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.linking import link
from djlint_spec.project import Function, Project
from djlint_spec.project.views import Action, View
from djlint_spec.queries.endpoints import Endpoints, ListEndpoint
from djlint_spec.queries.per_row import QueryPerRow, queries_per_row
from djlint_spec.rules.subjects import SUBJECTS
from djlint_spec.source import DiskTree, Source

RESULTS = Path(__file__).with_name("mutants.json")
VERDICTS = Path(__file__).with_name("mutants.toml")
CODES = {
    "unloaded": ("DJS201", "DJS202", "DJS203"),
    "lock-acquired-in-try": ("DJS501",),
    "lock-not-looked-at": ("DJS501",),
    "lock-guard-open": ("DJS501",),
    "key-not-uuid": ("DJS101",),
    "secret-in-source": ("DJS701",),
}

Said = frozenset[tuple[str, str, str]]
"""Findings by code, path and message: rows move with the change."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A project whose facts are extracted."""

    tree: DiskTree
    texts: Mapping[str, str]
    facts: Mapping[str, ModuleFacts]
    versions: Versions

    def linked(self, changed: Mapping[str, ModuleFacts]) -> Project:
        """The project with some of its files changed."""
        return link({**self.facts, **changed}, Config(), self.versions, lower=lower_body, read_facts=_library_facts)


def read(root: Path) -> Corpus:
    """The project at `root`; files that this Python cannot parse are left out."""
    tree = DiskTree(root)
    texts: dict[str, str] = {}
    facts: dict[str, ModuleFacts] = {}
    for path in tree.python_files():
        source = tree.read(path)
        if not isinstance(source, Source):
            continue
        extracted = extract(source.text)
        if not isinstance(extracted, Broken):
            texts[path], facts[path] = source.text, extracted
    return Corpus(tree, texts, facts, detect_versions(tree, Config(), None))


@functools.cache
def _library_facts(text: str) -> ModuleFacts | None:
    extracted = extract(text)
    return None if isinstance(extracted, Broken) else extracted


def said(project: Project, book: Rulebook, mutant: Mutant) -> Said:
    """What the rules of the mutant's operator say of all that the mutant can bear on."""
    found: set[tuple[str, str, str]] = set()
    for code in CODES[mutant.operator]:
        rule = book.rules.get(code)
        if rule is None:
            continue
        options = book.options(book.pages[code], Config())
        for subject in _subjects(project, rule.subject, mutant):
            found.update((code, finding.span.path, finding.message) for finding in rule.run(subject, project, options))
    return frozenset(found)


@dataclass(slots=True)
class Lists:
    """What the lists' rules say of one endpoint after the other, until one is told what it was not told before.

    Of a large project's endpoints only those that inherit the mutated class can change, and most likely the action
    that was mutated or the list; judging them all for each mutant would take hours.
    """

    before: Project
    book: Rulebook
    known: dict[tuple[str, str], Said] = field(default_factory=dict)

    def new(self, project: Project, mutant: Mutant) -> Said:
        """The first findings that name what is no longer loaded and were not there before."""
        endpoints = Endpoints(project)
        for view, action in sorted(_actions(project, mutant), key=lambda pair: _likely(pair[1], mutant)):
            key = view.dotted, action.name
            said = self._said(project, endpoints.judge(view, action))
            if not said:
                continue
            if key not in self.known:
                earlier = Endpoints(self.before)
                pairs = [pair for pair in _actions(self.before, mutant) if (pair[0].dotted, pair[1].name) == key]
                self.known[key] = frozenset().union(*(self._said(self.before, earlier.judge(*pair)) for pair in pairs))
            new = frozenset(one for one in said - self.known[key] if mutant.entry in one[2])
            if new:
                return new
        return frozenset()

    def _said(self, project: Project, endpoint: ListEndpoint) -> Said:
        subjects = {ListEndpoint: (endpoint,), QueryPerRow: queries_per_row((endpoint,))}
        found: set[tuple[str, str, str]] = set()
        for code in CODES["unloaded"]:
            rule, options = self.book.rules[code], self.book.options(self.book.pages[code], Config())
            for subject in subjects[rule.subject]:
                told = rule.run(subject, project, options)
                found.update((code, finding.span.path, finding.message) for finding in told)
        return frozenset(found)


def _actions(project: Project, mutant: Mutant) -> Iterator[tuple[View, Action]]:
    for view in project.views.all:
        ways = view.cls.mro if view.cls is not None else ()
        if view.routed is not False and any(c.name == mutant.owner and c.module.path == mutant.path for c in ways):
            yield from ((view, action) for action in view.reading_actions if action.name != "retrieve")


def _likely(action: Action, mutant: Mutant) -> tuple[bool, bool]:
    return action.name != mutant.member, action.name not in ("list", "get")


def _subjects(project: Project, kind: type, mutant: Mutant) -> Iterator[object]:
    for subject in SUBJECTS[kind](project):
        if not isinstance(subject, Function) or subject.module.path == mutant.path:
            yield subject


def run(root: Path, operator: str | None) -> Iterator[dict[str, str | int | bool]]:
    """Each mutant of one project, with what it made the rules say."""
    corpus = read(root)
    book = rulebook()
    before: dict[tuple[str, str, str], Said] = {}
    lists = Lists(corpus.linked({}), book)
    for path, text in corpus.texts.items():
        for mutant in mutants(path, text):
            if operator is not None and mutant.operator != operator:
                continue
            changed = extract(mutant.text)
            assert not isinstance(changed, Broken), f"{path}:{mutant.row} does not parse"
            group = (mutant.path, mutant.owner, mutant.operator)
            if mutant.operator == "unloaded":
                new = lists.new(corpus.linked({path: changed}), mutant)
            else:
                if group not in before:
                    before[group] = said(corpus.linked({}), book, mutant)
                new = said(corpus.linked({path: changed}), book, mutant) - before[group]
            yield {
                "project": root.name,
                "path": path,
                "row": mutant.row,
                "operator": mutant.operator,
                "detail": " ".join(mutant.detail.split()),
                "class": mutant.owner,
                "found": bool(new),
                "said": "; ".join(f"{code} {message}" for code, _, message in sorted(new))[:300],
            }
            # Linked projects hold each other's nodes in cycles: without this the heap grows by one a mutant.
            gc.collect()


def identity(result: Mapping[str, str | int | bool]) -> str:
    """The key of a mutant in `mutants.toml`."""
    return f"{result['project']}/{result['path']}:{result['row']} {result['operator']} {result['detail']}"


def summary(results: Sequence[Mapping[str, str | int | bool]], verdicts: Mapping[str, str]) -> Iterator[str]:
    """A line for each operator, then the mutants that are missed or not explained."""
    for operator in CODES:
        of = [result for result in results if result["operator"] == operator]
        lost = [result for result in of if not result["found"]]
        idle = [result for result in lost if verdicts.get(identity(result), "").startswith("no effect")]
        judged = len(of) - len(idle)
        rate = f"{(len(of) - len(lost)) / judged:.1%}" if judged else "-"
        yield (
            f"{operator}: {len(of)} mutants, {len(idle)} without effect, "
            f"{len(of) - len(lost)} of {judged} found ({rate})"
        )
    for result in results:
        if not result["found"] and not verdicts.get(identity(result), "").startswith("no effect"):
            yield f"  {verdicts.get(identity(result), 'not explained')}: {identity(result)}"


def explained() -> dict[str, str]:
    """Why a mutant is not found, by its identity: `no effect: ...` or `missed: ...`."""
    if not VERDICTS.exists():
        return {}
    reasons: dict[str, str] = {}
    for entry in tomllib.loads(VERDICTS.read_text(encoding="utf-8")).get("verdict", ()):
        reasons.update(dict.fromkeys(entry["mutants"], f"{entry['effect']}: {entry['why']}"))
    return reasons


def main(argv: Sequence[str] | None = None) -> int:
    """Run the mutants, keep the results and print the summary; 1 if a mutant is missed without an explanation."""
    parser = argparse.ArgumentParser(description="Which faults put into the corpora does the check find?")
    parser.add_argument("names", nargs="*", help="projects (default: all that are fetched)")
    parser.add_argument("--into", type=Path, default=None, help="where the corpora are (default: as fetch_corpora)")
    parser.add_argument("--operator", choices=sorted(CODES), default=None)
    parser.add_argument("--summary", action="store_true", help="only sum up the results that are kept")
    parser.add_argument("--one", type=Path, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.one is not None:
        warnings.simplefilter("ignore", SyntaxWarning)
        sys.setrecursionlimit(10_000)
        gc.disable()
        for result in run(arguments.one, arguments.operator):
            print(json.dumps(result), flush=True)
        return 0
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    if not arguments.summary:
        for name, root in present(arguments.into or home(), arguments.names).items():
            fresh = list(_of_project(root, arguments.operator))
            kept = [
                result
                for result in kept
                if result["project"] != name or (arguments.operator or result["operator"]) != result["operator"]
            ]
            kept = sorted([*kept, *fresh], key=lambda result: (result["project"], result["path"], result["row"]))
            RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            print(f"{name}: {sum(result['found'] for result in fresh)} of {len(fresh)} found", flush=True)
    reasons = explained()
    print(*summary(kept, reasons), sep="\n")
    return int(any(not result["found"] and identity(result) not in reasons for result in kept))


def _of_project(root: Path, operator: str | None) -> Iterator[dict[str, str | int | bool]]:
    # A process of its own for each project: what one leaves in memory does not slow the next.
    command = [sys.executable, __file__, "--one", str(root), *(["--operator", operator] if operator else [])]
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            result: dict[str, str | int | bool] = json.loads(line)
            yield result
    if process.returncode:
        raise SystemExit(f"{root.name}: the run failed with {process.returncode}")


if __name__ == "__main__":
    raise SystemExit(main())
