"""`CheckConstraint(check=...)`: deprecated in Django 5.1, a TypeError from 6.0."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from djlint_spec.diagnostics import Applicability, Finding, Fix, RenameKeyword, Severity, Span
from djlint_spec.facts import tree as t
from djlint_spec.project import Class, Project
from djlint_spec.project.calls import Site, calls_in
from djlint_spec.rules import rule

_CHECK = "django.db.models.CheckConstraint"
_SPELLINGS = ("check=", "check =", '"check"', "'check'")


@rule
def check(project: Project, _: Project) -> Iterator[Finding]:
    """One finding for each call that hands `check=` to Django's CheckConstraint."""
    django = project.versions.django
    if not django.some_at_least("5.1") or (not django.all_at_least("5.1") and not django.some_at_least("6.0")):
        return  # `check=` is the only spelling that every allowed version takes
    seen: set[Span] = set()
    # A search for what they share before one for each.
    modules = [module for module in project.modules if module.mentions("check") and module.mentions(*_SPELLINGS)]
    for site in (site for module in modules for site in calls_in(project, module, *_SPELLINGS)):
        span = _check_argument(project, site)
        if span is not None and span not in seen:
            seen.add(span)
            yield _finding(project, site, span)


def _check_argument(project: Project, site: Site) -> Span | None:
    """The place of a `check` argument that reaches CheckConstraint; None when there is none."""
    argument = site.keyword("check")
    span = site.module.span(argument) if argument is not None else _in_mapping(site)
    if span is None:
        return None
    match site.call.func:
        case t.Attribute(value=t.Call(func=t.Name(id="super")), attr="__init__"):
            return span if site.owner is not None and site.owner.derives_from(_CHECK) else None
        case func:
            target = project.resolve(func, site.scope)
    if project.name_of(target) == "functools.partial" and site.call.args:
        target = project.resolve(site.call.args[0], site.scope)
    if isinstance(target, Class):
        return span if target.derives_from(_CHECK) and _forwards(target) else None
    return span if project.name_of(target) == _CHECK else None


def _in_mapping(site: Site) -> Span | None:
    for keyword in site.call.keywords:
        if keyword.name is None and isinstance(keyword.value, t.DictExpr):
            for key in keyword.value.keys:
                if isinstance(key, t.String) and key.value == "check":
                    return site.module.span(key)
    return None


def _forwards(cls: Class) -> bool:
    """Whether `check=` given to a class arrives at Django's own __init__ as it is."""
    for owner in cls.mro:
        if owner.dotted == _CHECK:
            return True
        member = owner.own_member("__init__")
        if member is not None and member.function is not None:
            params = {parameter.name: parameter.kind for parameter in member.function.params}
            if "check" in params or "kwargs" not in params.values():
                return False  # renamed at the super() call, which is judged itself
    return True


class _Verdict(msgspec.Struct, frozen=True):
    severity: Severity
    applicability: Applicability
    why: str


def _verdict(project: Project) -> _Verdict:
    django = project.versions.django
    if django.all_at_least("6.0"):
        return _Verdict(Severity.ERROR, Applicability.SAFE, "is a TypeError since Django 6.0")
    if not django.all_at_least("5.1"):
        return _Verdict(
            Severity.WARNING, Applicability.DISPLAY, "is a TypeError from Django 6.0, and condition= one up to 5.0"
        )
    if django.some_at_least("6.0"):
        return _Verdict(Severity.WARNING, Applicability.SAFE, "is deprecated since Django 5.1 and a TypeError from 6.0")
    return _Verdict(Severity.WARNING, Applicability.SAFE, "is deprecated since Django 5.1 and gone in 6.0")


def _finding(project: Project, site: Site, span: Span) -> Finding:
    verdict = _verdict(project)
    call = site.module.span(site.call)
    return Finding(
        span,
        f"`check=` of CheckConstraint {verdict.why} (the project allows {project.versions.django}).",
        help="write condition=",
        fix=Fix("rename check= to condition=", verdict.applicability, (RenameKeyword(call, "check", "condition"),)),
        severity=verdict.severity,
    )
