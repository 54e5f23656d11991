"""Lists, sets and dicts that grow: `paths.append("author")`, also in loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from djlint_spec.inference.values import SCALAR, Either, Items, Literal, Many, Mapped, Value, either, options
from djlint_spec.project import Unknown

GROWING = frozenset({Either, Items, Many, Mapped})
"""What a method may change, or one of several that it may be."""


def mutated(held: Value, method: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """What a name holds after a method was called on it; the same for a method that changes nothing."""
    match held:
        case Either(options=several):
            return either(mutated(option, method, args, kwargs) for option in several)
        case Items(elements=elements):
            return _list(elements, method, args)
        case Many(element=element):
            return _many(element, method, args)
        case Mapped():
            return _mapping(held, method, args, kwargs)
        case _:
            return held


def _list(elements: tuple[Value, ...], method: str, args: Sequence[Value]) -> Value:
    match method, list(args):
        case (("append" | "add"), [added]):
            return Items((*elements, added))
        case "insert", [_, added]:
            return Items((added, *elements))
        case (("extend" | "update"), [Items(elements=added)]):
            return Items((*elements, *added))
        case (("extend" | "update"), [*others]):
            return Many(either((*elements, *(_element(other) for other in others))))
        case (("remove" | "discard"), [Literal() as removed]):
            return Items(tuple(element for element in elements if element != removed))
        case (("pop" | "remove" | "discard"), _):
            return Many(either(elements)) if elements else Items(())
        case "clear", _:
            return Items(())
        case _:
            return Items(elements)


def _many(element: Value, method: str, args: Sequence[Value]) -> Value:
    match method, list(args):
        case (("append" | "add"), [added]):
            return Many(either((element, added)))
        case "insert", [_, added]:
            return Many(either((element, added)))
        case (("extend" | "update"), [*others]):
            return Many(either((element, *(_element(other) for other in others))))
        case _:
            return Many(element)


def _element(value: Value) -> Value:
    found: list[Value] = []
    for option in options(value):
        match option:
            case Items(elements=elements):
                found.extend(elements)
            case Many(element=element):
                found.append(element)
            case _:
                found.append(Unknown("element of a value"))
    return either(found)


def _mapping(held: Mapped, method: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    match method, list(args):
        case "update", [*others]:
            named = Mapped(tuple((key, value) for key, value in kwargs.items() if key != "**"), "**" in kwargs)
            for other in (*others, named):
                held = held.with_all(other if isinstance(other, Mapped) else Mapped((), open=True))
            return held
        case "setdefault", [Literal(value=key), value] if key not in dict(held.entries):
            return held.put(Literal(key), value)
        case "pop", [Literal(value=key), *_]:
            return replace(held, entries=tuple(entry for entry in held.entries if entry[0] != key))
        case "clear", _:
            return Mapped(())
        case _:
            return held


def repeated(env: dict[str, Value], before: Mapping[str, Value]) -> None:
    """What the lists and numbers that the body of a loop changed hold after any number of rounds."""
    for name, old in before.items():
        new = env.get(name)
        if isinstance(old, Items) and isinstance(new, Items) and new != old:
            kept = dict.fromkeys((*old.elements, *new.elements))
            env[name] = Many(either(kept)) if kept else new
        elif (
            new is not None and new != old and all(_is_number(option) for one in (old, new) for option in options(one))
        ):
            env[name] = SCALAR  # a counter: each round gives another number


def _is_number(value: Value) -> bool:
    return isinstance(value, Literal) and type(value.value) in (int, float)
