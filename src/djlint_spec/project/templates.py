"""Templates by name, as the loaders of Django's template engine find them."""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.lines import line_starts
from djlint_spec.facts.template import TemplateFacts
from djlint_spec.project.apps import installed_apps
from djlint_spec.project.symbols import Scope, Unknown, Value
from djlint_spec.project.tracking import Kept, cached_property

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

T = TypeVar("T")

_BACKEND = "django.template.backends.django.DjangoTemplates"
_DEPTH = 6


class Template:
    """A template that was found by its name: the path of its file, and what it says. Compared by identity."""

    def __init__(self, name: str, path: str, facts: TemplateFacts) -> None:
        self.name = name
        self.path = path
        self.facts = facts
        self._starts = line_starts(facts.text)
        self._told: dict[Hashable, Any] = {}  # of many types

    def span(self, start: int, end: int) -> Span:
        """The place of a stretch of its text."""
        row, last = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Span(self.path, row, start - self._starts[row - 1] + 1, last, end - self._starts[last - 1] + 1)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is told of the template under a key, worked out once, from its facts alone."""
        if key not in self._told:
            self._told[key] = make()
        told: T = self._told[key]
        return told


class Templates:
    """The templates of a project. One that only a package brings is not found."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: Kept[str, Template | Unknown] = Kept(project.tracking)

    def find(self, name: str) -> Template | Unknown:
        """The template of a name: from the first of the engine's folders that has it, else from the apps' own."""
        return self._known.made(name, lambda: self._find(name))

    def _find(self, name: str) -> Template | Unknown:
        if posixpath.normpath(name) != name or name.startswith(("/", "..")):
            return Unknown("template name not understood", name)
        for folder in self._folders:
            found = self._at(folder, name)
            if found is not None:
                return found
        found_in_apps = (self._at(f"{app}/templates", name) for app in self._apps)
        held = (found for found in found_in_apps if found is not None)
        first = next(held, None)
        if first is None:
            return Unknown("template not found", name)
        # The apps that stand behind the first are not asked.
        if self._ordered or next(held, None) is None:
            return first
        return Unknown("several templates of one name", name)

    def _at(self, folder: str, name: str) -> Template | None:
        path = f"{folder}/{name}".lstrip("/")
        facts = self._project.template_at(path)
        return None if facts is None else Template(name, path, facts)

    # ---------------------------------------------------------------------------------------------- places
    @cached_property
    def _ordered(self) -> bool:
        return bool(self._project.once(installed_apps))

    @cached_property
    def _apps(self) -> tuple[str, ...]:
        """The folders of the apps, in the order of INSTALLED_APPS; of all packages where that is not known."""
        packages = {module.name: _folder(module.path) for module in self._project.modules if module.is_package}
        installed = [packages[name] for name in self._project.once(installed_apps) if name in packages]
        others = {_folder(module.path) for module in self._project.modules if not module.is_test}
        return tuple(dict.fromkeys(installed or sorted(others)))

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        """What DIRS may name: the end of each entry, below the folder of its settings and each folder above that."""
        found: dict[str, None] = {}
        for source in self._project.settings.sources:
            setting = source.setting("TEMPLATES")
            if setting is None:
                continue
            above = _above(_folder(source.module.path))
            for end in self._dirs(setting.value):
                found.update(dict.fromkeys(f"{folder}/{end}".strip("/") for folder in above))
        return tuple(found)

    def _dirs(self, templates: Value) -> Iterator[str]:
        engines = templates.expr.elements if isinstance(templates.expr, (t.ListExpr, t.TupleExpr)) else ()
        for engine in engines:
            if not isinstance(engine, t.DictExpr):
                continue
            options = {
                key.value: value
                for key, value in zip(engine.keys, engine.values, strict=True)
                if isinstance(key, t.String)
            }
            backend = self._project.constant(options["BACKEND"], templates.scope) if "BACKEND" in options else _BACKEND
            if backend == _BACKEND and "DIRS" in options:
                yield from self._ends(options["DIRS"], templates.scope)

    def _ends(self, expr: t.Expr, scope: Scope, depth: int = 0) -> Iterator[str]:
        if isinstance(expr, (t.ListExpr, t.TupleExpr)):
            for element in expr.elements:
                end = self._end(element, scope, depth)
                if end:
                    yield end
        elif isinstance(expr, t.Name) and depth < _DEPTH:
            symbol = self._project.resolve(expr, scope)
            if isinstance(symbol, Value):
                yield from self._ends(symbol.expr, symbol.scope, depth + 1)

    def _end(self, expr: t.Expr, scope: Scope, depth: int = 0) -> str:
        """The part of a path that is written out, at its end: `templates` of `BASE_DIR / "templates"`."""
        if depth > _DEPTH:
            return ""
        match expr:
            case t.String(value=text):
                return text.strip("/")
            case t.BinOp(op="/", left=left, right=right):
                return posixpath.join(self._end(left, scope, depth + 1), self._end(right, scope, depth + 1))
            case t.Call(func=t.Name(id="str"), args=(inner, *_)):
                return self._end(inner, scope, depth + 1)
            case t.Call(func=t.Attribute(value=inner, attr="resolve" | "absolute")):
                return self._end(inner, scope, depth + 1)
            case t.Call(func=t.Attribute(attr="join" | "joinpath" | "path"), args=args):
                return posixpath.join("", *(self._end(arg, scope, depth + 1) for arg in args))
            case t.Call(func=t.Name(id="join" | "Path" | "root"), args=args):
                return posixpath.join("", *(self._end(arg, scope, depth + 1) for arg in args))
            case t.Name() | t.Attribute():
                symbol = self._project.resolve(expr, scope)
                return self._end(symbol.expr, symbol.scope, depth + 1) if isinstance(symbol, Value) else ""
            case _:
                return ""


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _above(folder: str) -> list[str]:
    """A folder and those above it, up to the root."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]
