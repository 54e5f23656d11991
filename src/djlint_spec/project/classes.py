"""Linked classes and functions: bases, C3 order, members."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.project.module import Module, Origin
from djlint_spec.project.symbols import Assigned, Binding, Bindings, External, Imported, Scope, Unknown, bind
from djlint_spec.project.tracking import Memo, cached_property, circular, derived

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_STDLIB = frozenset(sys.stdlib_module_names) | {"builtins", "typing_extensions"}


class Function:
    """A function or method where it is defined. Compared by identity."""

    def __init__(
        self,
        project: Project,
        module: Module,
        node: t.FunctionDef,
        owner: Class | None = None,
        parent: Function | None = None,
    ) -> None:
        self.project = project
        self.module = module
        self.node = node
        self.owner = owner
        self.parent = parent
        self.tracking = project.tracking
        self.memo: Memo = {}

    def __repr__(self) -> str:
        return f"Function({self.dotted!r})"

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.node.name

    @cached_property
    def qualname(self) -> str:
        """Name within the module, classes and enclosing functions included."""
        if self.owner is not None:
            return f"{self.owner.qualname}.{self.name}"
        if self.parent is not None:
            return f"{self.parent.qualname}.{self.name}"
        return self.name

    @cached_property
    def dotted(self) -> str:
        """Module and qualified name."""
        return f"{self.module.name}.{self.qualname}"

    @cached_property
    def scope(self) -> Scope:
        """Where names of the body are looked up."""
        return Scope(self.module, None, self)

    @cached_property
    def defining_scope(self) -> Scope:
        """Where names of decorators, annotations and defaults are looked up."""
        return Scope(self.module, self.owner, self.parent)

    @property
    def params(self) -> tuple[t.Parameter, ...]:
        """The parameters, in order."""
        return self.node.params

    @cached_property
    def parameter_names(self) -> frozenset[str]:
        """The names of the parameters."""
        return frozenset(parameter.name for parameter in self.node.params)

    @property
    def body(self) -> tuple[t.Stmt, ...]:
        """The statements, lowered on demand."""
        return self.module.body(self.node)

    @cached_property
    def bindings(self) -> Bindings:
        """What the body binds."""
        return bind(self.body)

    @cached_property
    def globals(self) -> frozenset[str]:
        """The names that `global` statements of the body, not those of functions within it, declare."""
        if not self.mentions("global"):
            return frozenset()
        declared = (node for node in statements_of(self.body) if isinstance(node, t.Scoping) and not node.nonlocal_)
        return frozenset(name for node in declared for name in node.names)

    def mentions(self, *words: str) -> bool:
        """Whether any of the words stands in the function's text: a cheap look before a dear one."""
        self.module.touch_body(self.node)
        text, start, end = self.module.facts.text, self.node.start, self.node.end
        for word in words:  # noqa: SIM110 - a generator takes longer than the searches
            if text.find(word, start, end) >= 0:
                return True
        return False

    @property
    def name_span(self) -> Span:
        """Where the name stands after `def`."""
        return self.module.word_span(self.node.name_start)

    def decorator_names(self) -> Iterator[tuple[str, t.Expr]]:
        """Canonical dotted name and expression of each decorator that is resolved, outermost first."""
        for decorator in self.node.decorators:
            target = decorator.func if isinstance(decorator, t.Call) else decorator
            dotted = self.project.dotted(target, self.defining_scope)
            if dotted is not None:
                yield dotted, decorator

    @circular(lambda _: frozenset())
    def decorated_by(self) -> frozenset[str]:
        """Canonical dotted names of the decorators that are resolved."""
        return frozenset(dotted for dotted, _ in self.decorator_names())


class Member(msgspec.Struct, frozen=True):
    """What a class body binds to a name, and the class in whose body that is."""

    owner: Class
    name: str
    binding: Binding

    @property
    def value(self) -> t.Expr | None:
        """The expression assigned, None for a method, a nested class or an import."""
        return self.binding.value if isinstance(self.binding, Assigned) else None

    @property
    def function(self) -> Function | None:
        """The method, None for anything else."""
        if isinstance(self.binding, t.FunctionDef):
            return self.owner.project.function(self.owner.module, self.binding, self.owner)
        return None

    @property
    def scope(self) -> Scope:
        """Where names of the value are looked up."""
        return self.owner.scope


class Class:
    """A class where it is defined. Compared by identity."""

    def __init__(
        self,
        project: Project,
        module: Module,
        node: t.ClassDef,
        outer: Class | None = None,
        function: Function | None = None,
    ) -> None:
        self.project = project
        self.module = module
        self.node = node
        self.outer = outer
        self.function = function
        self.tracking = project.tracking
        self.memo: Memo = {}

    def __repr__(self) -> str:
        return f"Class({self.dotted!r})"

    @property
    def name(self) -> str:
        """The class's own name."""
        return self.node.name

    @cached_property
    def qualname(self) -> str:
        """Name within the module, enclosing classes and functions included."""
        outer = self.outer or self.function
        return f"{outer.qualname}.{self.name}" if outer else self.name

    @cached_property
    def dotted(self) -> str:
        """Module and qualified name."""
        return f"{self.module.name}.{self.qualname}"

    @cached_property
    def scope(self) -> Scope:
        """Where names of the class body are looked up."""
        return Scope(self.module, self, self.function)

    @cached_property
    def defining_scope(self) -> Scope:
        """Where names of bases and decorators are looked up."""
        return Scope(self.module, self.outer, self.function)

    @property
    def is_ours(self) -> bool:
        """Whether the class is written in the project itself."""
        return self.module.origin is Origin.PROJECT

    @property
    def name_span(self) -> Span:
        """Where the name stands after `class`."""
        return self.module.word_span(self.node.name_start)

    # --------------------------------------------------------------------------------------------- members
    @cached_property
    def own(self) -> Mapping[str, tuple[Binding, ...]]:
        """What the class body itself binds, each name's bindings in order."""
        return bind(self.node.body).names

    def own_member(self, name: str) -> Member | None:
        """The last binding of `name` in the class body itself."""
        found = self.own.get(name)
        return Member(self, name, found[-1]) if found else None

    @derived(lambda: None)
    def find(self, name: str) -> Member | None:
        """The binding of `name` that Python would find: the first class of the MRO that has one.

        None also when an unresolved base might have it: see `may_hide`.
        """
        for cls in self.mro:
            member = cls.own_member(name)
            if member is not None:
                return member
        return None

    def find_all(self, name: str) -> Iterator[Member]:
        """Every binding of `name` along the MRO, the one that Python finds first."""
        for cls in self.mro:
            member = cls.own_member(name)
            if member is not None:
                yield member

    def after(self, cls: Class, name: str) -> Member | None:
        """What `super().name` means within a method of `cls` on an instance of this class."""
        mro = self.mro
        start = mro.index(cls) + 1 if cls in mro else 0
        for candidate in mro[start:]:
            member = candidate.own_member(name)
            if member is not None:
                return member
        return None

    def method(self, name: str) -> Function | None:
        """The method `name` along the MRO, None when absent or no function."""
        member = self.find(name)
        return member.function if member else None

    def nested(self, name: str) -> Class | None:
        """The class nested under `name` in this class's own body (`Meta`)."""
        member = self.own_member(name)
        if member is None:
            return None
        match member.binding:
            case t.ClassDef() as node:
                return self.project.cls(self.module, node, self)
            case Imported() | Assigned():
                symbol = self.project.resolve_binding(member.binding, self.scope)
                return symbol if isinstance(symbol, Class) else None
            case _:
                return None

    # ----------------------------------------------------------------------------------------------- bases
    @circular(lambda _: ())
    def bases(self) -> tuple[Class | External | Unknown, ...]:
        """The bases as written, each resolved as far as it goes."""
        return tuple(base for expr in self.node.bases for base in self._resolved_base(expr))

    def _resolved_base(self, expr: t.Expr) -> Iterator[Class | External | Unknown]:
        if isinstance(expr, t.Name) and expr.id == self.name:
            before = self.project.name_before(self.name, self.defining_scope, self.node)
            if isinstance(before, (Class, External)):
                yield before
                return
        yield from self.project.bases(expr, self.defining_scope)

    @circular(lambda cls: (cls,))
    def mro(self) -> tuple[Class, ...]:
        """The classes of the C3 order that are resolved, this one first."""
        bases = [base for base in self.bases if isinstance(base, Class) and base is not self]
        return _c3(self, bases)

    @circular(lambda _: ())
    def unresolved_bases(self) -> tuple[Unknown, ...]:
        """Why the MRO is not whole; empty when every base is known."""
        found: list[Unknown] = []
        for cls in self.mro:
            for base in cls.bases:
                match base:
                    case Unknown():
                        found.append(base)
                    case External(dotted=dotted) if base.package not in _STDLIB:
                        found.append(Unknown("base class of a package not at hand", dotted))
                    case _:
                        pass
        return tuple(found)

    @circular(lambda _: frozenset())
    def _ancestors(self) -> frozenset[str]:
        """Dotted names of the classes of the MRO, and of their bases that are not at hand."""
        mro = self.mro
        outside = (base.dotted for cls in mro for base in cls.bases if isinstance(base, External))
        return frozenset((*(cls.dotted for cls in mro), *outside))

    def derives_from(self, dotted: str) -> bool | None:
        """Whether a class of that dotted name is in the MRO; None when an unresolved base may bring it."""
        if not self.tracking.active:
            return True if dotted in self._ancestors else None if self.unresolved_bases else False
        # It holds in the next project as well, as long as nothing but bodies of functions changes.
        key = "derives from", self.node.start, dotted
        carried = self.module.carried.get(key)
        if carried is not None:
            self.tracking.absorb(carried[1])
            known: bool | None = carried[0]
            return known
        with self.tracking.record() as grounds:
            answer = self._derives_from(dotted)
        if not grounds.all():
            self.module.carried[key] = answer, grounds
        return answer

    def _derives_from(self, *dotted: str) -> bool | None:
        if not self._ancestors.isdisjoint(dotted):
            return True
        return None if self.unresolved_bases else False

    def derives_from_any(self, *dotted: str) -> bool | None:
        """`derives_from` for the first of several names that holds; None when one is unknown."""
        if not self.tracking.active:
            return self._derives_from(*dotted)
        answers = [self.derives_from(name) for name in dotted]
        return True if True in answers else None if None in answers else False


def _c3(cls: Class, bases: list[Class]) -> tuple[Class, ...]:
    """C3 linearisation; for bases that have none (an error at run time), depth first without repeats."""
    if len(bases) == 1:
        return (cls, *bases[0].mro)
    sequences = [list(base.mro) for base in bases] + [list(bases)]
    result = [cls]
    while sequences := [sequence for sequence in sequences if sequence]:
        for sequence in sequences:
            head = sequence[0]
            if not any(head in other[1:] for other in sequences):
                break
        else:
            return tuple(dict.fromkeys([*result, *(c for base in bases for c in base.mro)]))
        result.append(head)
        for sequence in sequences:
            if sequence[0] is head:
                del sequence[0]
    return tuple(result)
