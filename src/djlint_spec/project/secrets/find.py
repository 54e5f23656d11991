"""Which literals of a project are secrets."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Severity, Span
from djlint_spec.project.module import Module
from djlint_spec.project.secrets.hints import hints_in
from djlint_spec.project.secrets.literals import Literal, Role, literals_near
from djlint_spec.project.secrets.names import is_secret_key, names_act, names_password, names_secret, words_of
from djlint_spec.project.secrets.shapes import Shape, address_password, shapes_in
from djlint_spec.project.secrets.startup import rejected_at_startup
from djlint_spec.project.secrets.values import Strength, entropy, is_mixed, strength
from djlint_spec.project.settings import Purpose, purpose_of_name
from djlint_spec.project.tracking import Kept

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_ADDRESS = re.compile(r"://[^\s:/@\"'<>{}?#]*:[^\s/@\"'<>]+@")
_HASHED = re.compile(r"(?:pbkdf2_\w+|argon2\w*|bcrypt\w*|scrypt|md5|sha1|\$2[aby]|\$argon2\w*)\$")
_SETTING_PASSWORDS = frozenset({"EMAIL_HOST_PASSWORD"})
_SCHEME = re.compile(r"(?P<scheme>Bearer|Token|Basic|ApiKey|Key) +(?P<token>\S+)\Z", re.IGNORECASE)
_STARTPROJECT = "django-insecure-"
_LONG_IN_TEST = 20


class Secret(msgspec.Struct, frozen=True):
    """A secret in the source: what it is, where, how bad, and the literal that holds it (None in a comment).

    `module.text[start:end]` is what must not be shown, and `values` the same without the quotes around it.
    """

    what: str
    start: int
    end: int
    severity: Severity
    literal: Literal | None
    module: Module
    values: tuple[str, ...]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.module.span_of(self.start, self.end)


class Secrets:
    """The secrets of a project, module by module as they are asked for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._found: Kept[Module, tuple[Secret, ...]] = Kept(project.tracking)

    def of(self, module: Module) -> tuple[Secret, ...]:
        """The secrets of one module, in order of place."""
        return self._found.made(module, lambda: tuple(secrets_in(self._project, module)))


def secrets_of(project: Project) -> Secrets:
    """The one `Secrets` of a project."""
    return project.once(Secrets)


def secrets_in(project: Project, module: Module) -> Iterator[Secret]:
    """The secrets of one module, in order of place."""
    text = module.facts.text
    shapes = list(shapes_in(text))
    addresses = [match.end() for match in _ADDRESS.finditer(text)] if "://" in text else []
    offsets = sorted({*hints_in(text), *(shape.start for shape in shapes), *addresses})
    if not offsets:
        return
    judge = _Judge(project, module)
    found: list[tuple[int, Secret]] = []
    holding: dict[int, Literal] = {}
    for literal in literals_near(module, offsets):
        for shape in shapes:
            if literal.node.start <= shape.start < literal.node.end:
                holding[shape.start] = literal
                break
        else:
            secret = judge.named(literal) or judge.address(literal)
            if secret is not None:
                found.append((literal.node.start, secret))
    found.extend((shape.start, judge.shaped(shape, holding.get(shape.start))) for shape in shapes)
    for _, secret in sorted(found, key=lambda pair: pair[0]):
        yield secret


class _Judge:
    def __init__(self, project: Project, module: Module) -> None:
        self._project = project
        self._module = module
        self._purpose = project.settings.purpose(module)
        self._is_settings = module in project.settings.modules

    def shaped(self, shape: Shape, literal: Literal | None) -> Secret:
        mild = not shape.live or self._module.is_test
        severity = Severity.WARNING if mild else Severity.ERROR
        start, end = (shape.start, shape.end) if literal is None else (literal.node.start, literal.node.end)
        value = self._module.facts.text[shape.start : shape.end]
        values = (value,) if literal is None else (value, literal.value)
        return Secret(shape.what, start, end, severity, literal, self._module, values)

    def address(self, literal: Literal) -> Secret | None:
        shape = address_password(literal.value)
        if shape is None:
            return None
        password = literal.value[shape.start : shape.end]
        if self._is_mild(literal) and strength(password) < Strength.RANDOM:
            return None
        return self._made(shape.what, literal, password)

    def named(self, literal: Literal) -> Secret | None:
        name = literal.name
        if literal.role is Role.WITHIN or "://" in literal.value or "kwargs" in literal.names:
            return None
        if literal.role is Role.USER_PASSWORD:
            return self._user_password(literal)
        if not names_secret(name):
            return None
        value, is_password = literal.value, names_password(name)
        if words_of(name)[-1:] == ("authorization",):
            scheme = _SCHEME.match(value)
            if scheme is None:
                return None
            is_password = scheme["scheme"].lower() == "basic"
            value = _basic_password(scheme["token"]) if is_password else scheme["token"]
        found = strength(value)
        if found is Strength.NONE or _HASHED.match(value) or (found is not Strength.RANDOM and names_act(name)):
            return None
        if value.startswith(_STARTPROJECT) and self._is_overridden(literal):
            return None
        if not self._is_convincing(literal, value, found, is_password):
            return None
        if rejected_at_startup(self._project, literal, self._module):
            return None
        return self._made(f"`{_told(literal)}`", literal)

    def _is_convincing(self, literal: Literal, value: str, found: Strength, is_password: bool) -> bool:
        """Whether the name and the text together leave little doubt."""
        name = literal.name
        if self._is_mild(literal):
            long = found is Strength.RANDOM and len(value) >= _LONG_IN_TEST and entropy(value) >= 3.0
            return long and not value.startswith(_STARTPROJECT)
        if found is Strength.RANDOM:
            return True
        settings = self._is_settings and literal.role is not Role.COMPARED
        if settings and is_secret_key(name):
            return True
        if is_password:
            if settings and (name in _SETTING_PASSWORDS or literal.names[0] == "DATABASES"):
                return True
            return found is Strength.CHOSEN
        if literal.role is Role.ENTRY and not settings:
            return False  # a short one in a dict is as often an example, or the parameter of a URL
        return found is Strength.CHOSEN and is_mixed(value)

    def _is_overridden(self, literal: Literal) -> bool:
        """Whether settings for production give the setting another value."""
        name, node = literal.names[0], literal.node
        sources = [s for s in self._project.settings.sources if s.purpose is Purpose.PRODUCTION]
        given = [found for source in sources if (found := source.setting(name)) is not None]
        return bool(given) and not any(
            found.value.scope.module is self._module and found.value.expr.start <= node.start < found.value.expr.end
            for found in given
        )

    def _user_password(self, literal: Literal) -> Secret | None:
        value = literal.value
        if self._is_mild(literal) or len(value) < 2 or "{}" in value or value.startswith("!") or _HASHED.match(value):
            return None
        return self._made("the password of a user account", literal)

    def _is_mild(self, literal: Literal) -> bool:
        """Whether the literal serves tests or development alone."""
        if self._module.is_test or literal.development:
            return True
        if self._is_settings and not self._purpose.may_be_production:
            return True
        around = [purpose_of_name(word) for word in (literal.owner, *literal.names)]
        return any(purpose in (Purpose.TEST, Purpose.DEVELOPMENT) for purpose in around)

    def _made(self, what: str, literal: Literal, *parts: str) -> Secret:
        severity = Severity.WARNING if self._is_mild(literal) else Severity.ERROR
        node = literal.node
        return Secret(what, node.start, node.end, severity, literal, self._module, (literal.value, *parts))


def _told(literal: Literal) -> str:
    """The name to tell; of an entry in a setting, with the setting's (`DATABASES … PASSWORD`)."""
    first, last = literal.names[0], literal.names[-1]
    return f"{first} … {last}" if literal.role is Role.ENTRY and first.isupper() and first != last else last


def _basic_password(encoded: str) -> str:
    """The password of HTTP's Basic scheme; empty when the text is no such pair."""
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return ""
    user, _, password = pair.strip().partition(":")
    return password if password != user else ""
