"""Effects outside the database, told by what is called: mail, HTTP POST, the sends of cloud SDKs.

PUT, PATCH and DELETE are not among them: they set or remove, and doing so again changes nothing (RFC 9110, 9.2.2).
"""

from __future__ import annotations

import re

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project import Class, Project

_MAIL = frozenset(
    {
        "django.core.mail.send_mail", "django.core.mail.send_mass_mail", "django.core.mail.mail_admins",
        "django.core.mail.mail_managers", "smtplib.SMTP().send_message", "smtplib.SMTP().sendmail",
        "smtplib.SMTP_SSL().send_message", "smtplib.SMTP_SSL().sendmail",
    }
)  # fmt: skip
_MESSAGES = (
    "django.core.mail.EmailMessage", "django.core.mail.EmailMultiAlternatives",
    "django.core.mail.message.EmailMessage", "django.core.mail.message.EmailMultiAlternatives",
)  # fmt: skip
_CONNECTION = re.compile(r"django\.core\.mail\.get_connection\(\)\.send_messages")
_CLIENT = (
    r"(?:requests(?:\.sessions)?\.[Ss]ession\(\)|httpx\.(?:Async)?Client\(\)"
    r"|aiohttp(?:\.client)?\.ClientSession\(\))"
)
_HTTP = re.compile(rf"(?:requests(?:\.api)?|httpx|{_CLIENT})\.(?P<verb>post|request|get|put|patch|delete|head|options)")
_POOL = re.compile(r"urllib3\.(?:PoolManager\(\)\.|HTTPConnectionPool\(\)\.|HTTPSConnectionPool\(\)\.)?request")
_CONNECTIONS = re.compile(r"http\.client\.HTTPS?Connection\(\)\.request")
_OPEN = "urllib.request.urlopen"
_REQUEST = "urllib.request.Request"
_SDK = re.compile(
    r"boto3(?:\.session\.Session\(\)|\.Session\(\))?\.client\(\)\.(?:publish|send_message|send_email|send_raw_email)"
    r"|twilio\.rest\.Client\(\)\.(?:messages|calls)\.create"
    r"|slack_sdk\.WebClient\(\)\.chat_postMessage"
    r"|stripe\.(?:Charge|PaymentIntent|Transfer|Payout)\.create"
    r"|firebase_admin\.messaging\.send(?:_multicast|_each)?"
)
_ASKS = re.compile(
    r"(?<![a-z])(?:search|query|graphql|token|oauth2?|auth|login|verify|siteverify|validate|preview|estimate|quote"
    r"|lookup|translate|introspect)(?![a-z])",
    re.IGNORECASE,
)
_KEY = re.compile(r"idempoten", re.IGNORECASE)


def is_mail(dotted: str) -> bool:
    """Whether calling this sends mail."""
    return dotted in _MAIL or _CONNECTION.fullmatch(dotted) is not None


def is_message(cls: Class) -> bool:
    """Whether objects of a class are mails of Django."""
    return any(owner.dotted in _MESSAGES for owner in cls.mro) or cls.derives_from_any(*_MESSAGES) is True


def is_message_maker(dotted: str) -> bool:
    """Whether calling this makes a mail of Django."""
    return dotted in _MESSAGES


def is_http(dotted: str) -> bool:
    """Whether calling this makes a request over HTTP, of whatever method."""
    return dotted == _OPEN or any(kind.fullmatch(dotted) for kind in (_HTTP, _POOL, _CONNECTIONS))


def is_sdk_send(dotted: str) -> bool:
    """Whether calling this sends or charges through the SDK of a service."""
    return _SDK.fullmatch(dotted) is not None


def posts(project: Project, dotted: str, call: t.Call, opened: t.Call | None) -> bool:
    """Whether an HTTP call is a POST that leaves something behind; `opened` is the Request that `urlopen` gets.

    A POST that only asks (by the words of its address) does not, nor does one with an idempotency key.
    """
    if dotted == _OPEN:
        request = opened if opened is not None else call
        method = argument(request, "method", 5)
        if opened is not None and isinstance(method, t.String):
            sends = method.value.upper() == "POST"
        else:
            sends = argument(request, "data", 1) is not None
        parts: tuple[t.Call, ...] = (call,) if opened is None else (call, opened)
        return sends and not any(_only_asks(part) for part in parts)
    found = _HTTP.fullmatch(dotted)
    verb = found["verb"] if found is not None else "request"
    if verb == "request":
        method = argument(call, "method", 0)
        if not (isinstance(method, t.String) and method.value.upper() == "POST"):
            return False
    elif verb != "post":
        return False
    return not _only_asks(call)


def is_request_maker(dotted: str) -> bool:
    """Whether calling this makes the request that `urlopen` sends."""
    return dotted == _REQUEST


def has_idempotency_key(call: t.Call) -> bool:
    """Whether a call names an idempotency key anywhere among its arguments."""
    for node in walk([*call.args, *(keyword.value for keyword in call.keywords)]):
        match node:
            case t.String(value=text) if _KEY.search(text):
                return True
            case t.Name(id=name) | t.Attribute(attr=name) if _KEY.search(name):
                return True
            case _:
                pass
    return any(keyword.name is not None and _KEY.search(keyword.name) for keyword in call.keywords)


def _only_asks(call: t.Call) -> bool:
    if has_idempotency_key(call):
        return True
    address = argument(call, "url", 0)
    if address is None:
        return False
    for node in walk([address, *call.args[1:2]]):
        match node:
            case t.String(value=text) if _ASKS.search(text):
                return True
            case t.Name(id=name) | t.Attribute(attr=name) if _ASKS.search(name.replace("_", " ")):
                return True
            case _:
                pass
    return False


def argument(call: t.Call, name: str, position: int) -> t.Expr | None:
    """An argument by keyword or position; None for one that is absent or the constant None."""
    found = next((keyword.value for keyword in call.keywords if keyword.name == name), None)
    if found is None and position < len(call.args):
        found = call.args[position]
    return None if isinstance(found, t.Nothing) else found
