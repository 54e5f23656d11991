"""Projects in memory: the texts of a few files, linked as the engine links them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from textwrap import dedent

from djlint_spec.config import Config, detect_versions
from djlint_spec.extract import Broken, extract, lower_body
from djlint_spec.extract.templates import extract_template
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.linking import link
from djlint_spec.project import Class, Project
from djlint_spec.project.symbols import Symbol
from djlint_spec.source import MemoryTree


def facts(text: str) -> ModuleFacts | None:
    """The facts of a text, None when it does not parse."""
    found = extract(text)
    return None if isinstance(found, Broken) else found


def linked(files: Mapping[str, str], installed: Mapping[str, str] | None = None, **config: object) -> Project:
    """The project of `files` (path to text, which may be indented); `installed` gives modules of an environment."""
    found = {path: facts(dedent(text)) for path, text in files.items() if path.endswith(".py")}
    assert None not in found.values(), "a file of the test does not parse"
    packages = installed or {}

    def find(dotted: str) -> tuple[str, str, bool] | None:
        if dotted in packages:
            return (
                f"site-packages/{dotted}",
                dedent(packages[dotted]),
                any(n.startswith(f"{dotted}.") for n in packages),
            )
        return None

    options = replace(Config(), **config)  # type: ignore[arg-type]  # each test names options of its own
    return link(
        {path: made for path, made in found.items() if made is not None},
        options,
        detect_versions(MemoryTree(files), options),
        lower=lower_body,
        read_facts=facts,
        installed=find,
        read_template=lambda path: extract_template(dedent(files[path])) if path in files else None,
    )


def linked_facts(made: Mapping[str, ModuleFacts]) -> Project:
    """The project of files whose facts are at hand."""
    return link(made, Config(), detect_versions(MemoryTree({}), Config()), lower=lower_body, read_facts=facts)


def symbol(project: Project, dotted: str) -> Symbol:
    """What `package.module.Name` or `package.module.Class.Nested` stands for in the project."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = project.module(".".join(parts[:length]))
        if module is not None:
            found: Symbol = module
            for part in parts[length:]:
                found = project.attribute(found, part)
            return found
    raise AssertionError(f"no module of {dotted}")


def class_of(project: Project, dotted: str) -> Class:
    """The class of that dotted name."""
    found = symbol(project, dotted)
    assert isinstance(found, Class), f"{dotted} is {found}"
    return found
