"""Lists that Django's own ListView shows by a template: the rows, the context, the template found by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.inference import calls
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.values import (
    SCALAR,
    Instance,
    Items,
    Literal,
    Mapped,
    Method,
    QuerySet,
    Request,
    Row,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Project, Unknown
from djlint_spec.project import Value as Named
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.templates import Template
from djlint_spec.project.tracking import cached_property
from djlint_spec.project.views import View
from djlint_spec.queries.rendering import NOT_GIVEN, Context, Rendering
from djlint_spec.queries.representation import Consumption, Representation
from djlint_spec.queries.template_context import names_for_all

_OWN_WAYS = ("get", "render_to_response", "paginate_queryset", "dispatch")
"""What a view that writes it anew may do otherwise than render its list."""

_WRITTEN = re.compile(r"""\[\s*["'](\w+)["']\s*\]|["'](\w+)["']\s*:|\b(\w+)=""")
"""What looks like the name of a context variable: a key, a keyword."""

_SET = re.compile(r"^\s*(?!self\.)\w+\.\w+\s*=[^=]", re.MULTILINE)
"""What looks like an attribute that is set on something else than the view."""


def show(ev: Evaluator, representation: Representation, view: View) -> None:
    """Run a ListView for a GET: what its template reads of each row is recorded, each list of rows consumed."""
    cls = view.cls
    assert cls is not None
    for name in _OWN_WAYS:
        method = cls.method(name)
        if (
            method is not None
            and method.module.origin is not Origin.LIBRARY
            and not method.mentions(f"super().{name}(")
        ):
            representation.doubts.append(Unknown(f"{name}() of the view's own", cls.dotted))
            return
    known: tuple[tuple[str, Value], ...] = (
        ("request", Request("GET")),
        ("args", Items(())),
        ("kwargs", Mapped((), open=True)),
    )
    rows = _ours(ev.method_on(Instance(cls, known), "get_queryset", span=view.name_span))
    querysets = [option for option in options(rows) if isinstance(option, QuerySet)]
    if not querysets:
        unknown = next((option for option in options(rows) if isinstance(option, Unknown)), Unknown("no queryset"))
        representation.doubts.append(unknown)
        return
    listing = Instance(cls, (*known, ("object_list", rows)))
    template = _template(ev, listing, querysets[0].model)
    if isinstance(template, Unknown):
        representation.doubts.append(template)
        return

    def listed(queryset: QuerySet, span: Span) -> None:
        representation.consumed.append(Consumption(cls, queryset, span))

    context = _context(ev, listing, rows, querysets[0].model)
    added = _Added(ev, listing, {name: value for name, value in context.items() if value is rows})
    context.update((name, added.value(name)) for name in tuple(context) if name in added.written)
    added.set_on_rows()
    rendering = Rendering(ev, listed, added.value, added.lacks)
    for value in context.values():
        rendering.keep(value)
    with ev.journal.representing():
        rendering.template(template, context)
    representation.doubts.extend(rendering.doubts)


def _ours(rows: Value) -> Value:
    """Querysets that only code of Django builds stand nowhere in the project."""
    return either(
        replace(option, span=None)
        if isinstance(option, QuerySet) and option.span is not None and option.span.path.startswith("<")
        else option
        for option in options(rows)
    )


def _template(ev: Evaluator, view: Instance, model: Model) -> Template | Unknown:
    names = list(_names(ev, view, model))
    found: Template | Unknown = Unknown("template names chosen at run time", view.cls.dotted)
    for name in names:
        found = ev.project.templates.find(name)
        if isinstance(found, Template):
            return found
    return found


def _names(ev: Evaluator, view: Instance, model: Model) -> Iterator[str]:
    """The names in the order in which `get_template_names` gives them."""
    cls = view.cls
    method = cls.method("get_template_names")
    if method is not None and method.module.origin is not Origin.LIBRARY:
        given = ev.method_on(view, "get_template_names", span=method.name_span)
        if isinstance(given, Items):
            for element in given.elements:
                if isinstance(element, Literal) and isinstance(element.value, str):
                    yield element.value
        return
    named = _text(ev.project, cls, "template_name")
    if named:
        yield named
    suffix = _text(ev.project, cls, "template_name_suffix") or "_list"
    yield f"{model.app_label}/{model.name.lower()}{suffix}.html"


def _context(ev: Evaluator, view: Instance, rows: Value, model: Model) -> Context:
    """What the template is given: by the view, by Django's own context processors."""
    cls = view.cls
    request = Request("GET")
    user = ev.project.models.user
    context: Context = {
        "request": request,
        "user": Row(user) if isinstance(user, Model) else user,
        "view": view,
        "object_list": rows,
        "csrf_token": SCALAR,
        "is_paginated": SCALAR,
        "paginator": SCALAR,
        "page_obj": Mapped((("object_list", rows),), open=True),
    }
    own = _text(ev.project, cls, "context_object_name") or f"{model.name.lower()}_list"
    context[own] = rows
    return context


@dataclass
class _Added:
    """What a view of the project adds to the context: worked out when a name is asked for that its code mentions."""

    ev: Evaluator
    view: Instance
    lists: Context
    """The rows, by each of their names."""

    @property
    def project(self) -> Project:
        """The project that the view is of."""
        return self.ev.project

    def value(self, name: str) -> Value:
        """The value of a name; Unknown for one that the view does not give."""
        unknown = Unknown(NOT_GIVEN, name)
        return self._all.get(name, unknown) if name in self.written else unknown

    def lacks(self, name: str) -> bool:
        """Whether the view certainly does not give a name, nor what is given to every template."""
        for_all = self.project.once(names_for_all)
        return for_all is not None and name not in for_all and name not in self.written and self._is_whole

    @cached_property
    def _is_whole(self) -> bool:
        """Whether all that the view gives is known."""
        methods = (self.view.cls.method(name) for name in _OWN_WAYS)
        if any(method is not None and method.module.origin is not Origin.LIBRARY for method in methods):
            return False
        return not self.view.cls.unresolved_bases and all(
            isinstance(option, Mapped) and not option.open for option in options(self._given)
        )

    def set_on_rows(self) -> None:
        """Run the code that gives the rows attributes before the template reads them."""
        if any(_SET.search(text) for text in self._texts):
            _ = self._all

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """The bodies of the project's own `get_context_data`."""
        functions = [member.function for member in self.view.cls.find_all("get_context_data")]
        return tuple(
            function.module.body_text(function.node)
            for function in functions
            if function is not None and function.module.origin is not Origin.LIBRARY
        )

    @cached_property
    def written(self) -> frozenset[str]:
        """The names that the view's own code, or `extra_context`, may give; a look at its text only."""
        found = {name for text in self._texts for names in _WRITTEN.findall(text) for name in names if name}
        extra = self.view.cls.find("extra_context")
        if extra is not None and extra.value is not None and extra.owner.is_ours:
            found.update(self._extra)
        return frozenset(found)

    @cached_property
    def _extra(self) -> Context:
        extra = self.view.cls.find("extra_context")
        if extra is None or extra.value is None or not extra.owner.is_ours:
            return {}
        given = self.ev.evaluate_in(Named(extra.value, extra.scope))
        return dict(_entries(given))

    @cached_property
    def _given(self) -> Value:
        """What `get_context_data` returns."""
        method = self.view.cls.method("get_context_data")
        if method is None or method.module.origin is Origin.LIBRARY:
            return Mapped(())
        with self.ev.journal.muted():
            return calls.invoke(self.ev, Method(method, self.view), [], self.lists, method.name_span)

    @cached_property
    def _all(self) -> Context:
        found = {**self.lists, **self._extra}
        for option in options(self._given):
            for name, value in _entries(option):
                found[name] = either((found[name], value)) if name in found else value
        return found


def _entries(given: Value) -> Iterator[tuple[str, Value]]:
    for name, value in given.entries if isinstance(given, Mapped) else ():
        if isinstance(name, str):
            yield name, value


def _text(project: Project, cls: Class, name: str) -> str | None:
    member = cls.find(name)
    if member is None or member.value is None:
        return None
    value = project.constant(member.value, member.scope)
    return value if isinstance(value, str) else None
