"""A password, token or key that stands in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djlint_spec.diagnostics import AddImport, Applicability, Finding, Fix, FixIntent, ReplaceExpression, Severity
from djlint_spec.project import Module, Project
from djlint_spec.project.environment import Reader, reader_in
from djlint_spec.project.secrets import Literal, Role, Secret, secrets_of
from djlint_spec.project.secrets.values import Strength, strength
from djlint_spec.rules import rule

_BARE = frozenset({"password", "passwd", "pwd", "token", "secret", "key", "credentials"})


@rule
def check(module: Module, project: Project) -> Iterator[Finding]:
    """One finding for each secret, at its literal."""
    for secret in secrets_of(project).of(module):
        yield _finding(project, secret)


def _finding(project: Project, secret: Secret) -> Finding:
    mend = _mend(project, secret) if secret.literal is not None else None
    return Finding(
        secret.span,
        _message(secret),
        help=f"write {mend[0]}" if mend is not None else "take it out, and replace it: it is known",
        fix=mend[1] if mend is not None else None,
        severity=secret.severity if secret.severity is not Severity.ERROR else None,
    )


def _message(secret: Secret) -> str:
    literal = secret.literal
    what = secret.what[0].upper() + secret.what[1:]
    if literal is not None and literal.read is not None:
        variable = literal.read.variable
        return f"{what} has a default in the source: wherever `{variable}` is not set, a value that is known is used."
    where = "is in the source" if literal is not None else "is in a comment or docstring"
    return f"{what} {where}: whoever reads the code, its history or its package has it."


def _mend(project: Project, secret: Secret) -> tuple[str, Fix] | None:
    """What to write, and the fix that writes it; None where a test is as well off with a value of its own."""
    literal, module = secret.literal, secret.module
    assert literal is not None
    if module.is_test or module.is_migration or literal.role is Role.WITHIN or literal.role is Role.COMPARED:
        return None
    if literal.role is Role.USER_PASSWORD and strength(literal.value) <= Strength.WORD:
        return None  # accounts that are made by code for whoever knows the word: no environment has it
    reader = reader_in(project, module)
    variable = _variable(literal)
    read = literal.read
    text = reader.reading(variable)
    if read is not None and not read.reader.endswith(("environ.get", "getenv")):
        text = f'{read.reader}("{variable}")'
        reader = Reader(read.reader)
    encoded = module.facts.text[literal.node.start : literal.node.start + 2].lower().startswith(("b'", 'b"'))
    if encoded:
        text = f"{text}.encode()"
    elif literal.expr is not literal.node and read is None:
        text += module.facts.text[literal.node.end : literal.expr.end]
    intents: list[FixIntent] = [ReplaceExpression(module.span(literal.expr), text)]
    if reader.missing_import:
        intents.append(AddImport(module.path, reader.missing_import, ""))
    return text, Fix(
        f"read {variable} from the environment",
        Applicability.UNSAFE,
        tuple(intents),
        then=f"set {variable} in the environment of whatever runs this",
    )


def _variable(literal: Literal) -> str:
    """The environment variable to read: the one that is read already, else one named like the value."""
    if literal.read is not None:
        return literal.read.variable
    names = [name for name in literal.names if name.lower() != "default"]
    # `PASSWORD` alone says too little: with what it is the password of.
    chosen = names[-1:] if not names or names[-1].lower() not in _BARE else [*names[:1], *names[-1:]]
    words = "_".join(dict.fromkeys(chosen)) or "SECRET"
    return re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", words)).strip("_").upper()
