"""Which effect a second run of a task repeats: small tasks, each with one thing that decides."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from djlint_spec.flow.redelivery import Cause, Redeliveries, Repeat
from tests.linked import linked

_MODELS = """
from django.db import models


class Order(models.Model):
    code = models.CharField(max_length=20)
    status = models.CharField(max_length=10)
    sent_at = models.DateTimeField(null=True)
    stock = models.IntegerField(default=0)
    attempts = models.IntegerField(default=0)

    @property
    def is_sent(self):
        return self.sent_at is not None

    def can_send(self):
        return not self.is_final()

    def is_final(self):
        return self.status == "sent"

    def mark(self):
        self.sent_at = 1
        self.save()

    def set_sent(self):
        self.sent_at = 1

    def take(self, number):
        self.stock -= number


class Loud(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)


class Entry(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="entries")
    text = models.CharField(max_length=20)


class Single(models.Model):
    order = models.OneToOneField(Order, on_delete=models.CASCADE)
    slug = models.SlugField(unique=True)


class Pair(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    text = models.CharField(max_length=20)

    class Meta:
        unique_together = ("order", "text")


class Pairs(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    text = models.CharField(max_length=20)

    class Meta:
        unique_together = [("order", "text"), ["text"]]


class Constrained(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    text = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(), name="c"),
            models.UniqueConstraint("text", name="e"),
            models.UniqueConstraint(fields=["order"], name="u"),
        ]
"""
_HEAD = """
import uuid
from celery import Task, shared_task
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from shop.models import *
"""


def _repeat(body: str, options: str, before: str, files: dict[str, str] | None = None) -> Repeat | None:
    text = f"{_HEAD}{dedent(before)}\n@shared_task(bind=True, {options})\ndef work(self, pk, data, row: Order):\n"
    project = linked({"shop/models.py": _MODELS, "shop/tasks.py": text + indent(dedent(body), "    "), **(files or {})})
    (task,) = (task for task in project.tasks if task.name in ("work", "Work"))
    return Redeliveries(project).repeat(task)


def late(body: str, before: str = "", **files: str) -> str | None:
    """The effect that a task with acks_late repeats."""
    repeat = _repeat(body, "acks_late=True", before, {f"shop/{name}.py": text for name, text in files.items()})
    return None if repeat is None else repeat.effect.what


def retried(body: str, exceptions: str = "Exception", before: str = "", more: str = "") -> str | None:
    """The effect that a task with autoretry_for repeats."""
    repeat = _repeat(body, f"autoretry_for=({exceptions},){more}", before)
    return None if repeat is None else repeat.effect.what


ENTRY = "creates `Entry`"
MAIL = "sends mail by `send_mail`"
CREATE = "Entry.objects.create(order_id=pk)\n"
SEND = "send_mail('s', 'b', None, ['a@example.com'])\n"


# ---------------------------------------------------------------------------------------------------- effects
@pytest.mark.parametrize(
    ("body", "effect"),
    [
        (CREATE, ENTRY),
        ("Order.objects.get(pk=pk).entries.create(text='a')", ENTRY),
        ("Entry(order_id=pk).save()", ENTRY),
        ("entry = Entry()\nentry.order_id = pk\nentry.save()\nentry.save()", ENTRY),
        ("Loud(order_id=pk).save()", "creates `Loud`"),
        ("order = Order.objects.get(pk=pk)\norder.pk = None\norder.save()", "creates `Order`"),
        ("row.stock += 1\nrow.save()", "changes `Order.stock` by an amount"),
        ("row.stock = row.stock + 1 - 2\nrow.save()", "changes `Order.stock` by an amount"),
        ("row.stock = F('stock') + 1\nrow.save(update_fields=['stock'])", "changes `Order.stock` by an amount"),
        ("row.take(1)\nrow.save()", "changes `Order.stock` by an amount"),
        ("Order.objects.update(stock=F('stock') - 1)", "changes `Order.stock` by an amount"),
        ("from django.core.mail import get_connection\nget_connection().send_messages([])", "sends mail"),
        ("from django.core.mail import mail_admins\nmail_admins('a', 'b')", "sends mail by `mail_admins`"),
        ("import smtplib\nserver = smtplib.SMTP('x')\nserver.sendmail('a', 'b', 'c')", "sends mail by `sendmail`"),
        ("import requests\nrequests.request('POST', 'https://x')", "sends a POST by `requests.request`"),
        ("import requests\nwith requests.Session() as s:\n    s.post('https://x')", "sends a POST by `Session.post`"),
        ("import requests\ns = requests.Session()\ns.post('https://x')", "sends a POST by `Session.post`"),
        ("import urllib3\nurllib3.PoolManager().request('POST', 'https://x')", "sends a POST by `PoolManager.request`"),
        (
            "import http.client\nc = http.client.HTTPSConnection('x')\nc.request('POST', '/')",
            "sends a POST by `HTTPSConnection.request`",
        ),
        (
            "from urllib import request\nrequest.urlopen(request.Request('https://x', method='POST'))",
            "sends a POST by `request.urlopen`",
        ),
        ("from urllib import request\nrequest.urlopen('https://x', data)", "sends a POST by `request.urlopen`"),
        ("import boto3\nsns = boto3.client('sns')\nsns.publish(Message='a')", "calls `client.publish`"),
        ("import stripe\nstripe.Charge.create(amount=1)", "calls `Charge.create`"),
    ],
)
def test_an_effect_is_repeated_by_a_late_acknowledgement(body: str, effect: str) -> None:
    assert late(body) == effect


@pytest.mark.parametrize(
    "body",
    [
        "row.stock = 5\nrow.stock += 1\nrow.save()",
        "row.stock += 1\nrow.save(update_fields=['status'])",
        "row.stock += 1\nrow.refresh_from_db()",
        "row.note += 1\nrow.save()",
        "row.stock += 1\nrow.stock = 0\nrow.save()",
        "row.stock *= 2\nrow.save()",
        "data.stock += 1\ndata.save()",
        "Order(pk=pk).save()",
        "Order(id=pk, code='a').save()",
        "Order.objects.create(id=pk)",
        "Entry.objects.bulk_create([Entry()], ignore_conflicts=True)",
        "Single.objects.bulk_create([Single()])",
        "Single.objects.create(**data)",
        "Pair.objects.create(order=row, text='a')",
        "Pairs.objects.create(text='a')",
        "Constrained.objects.create(order_id=pk)",
        "import requests\nrequests.get('https://x')\nrequests.put('https://x')\nrequests.request('GET', 'https://x')",
        "from urllib import request\nrequest.urlopen('https://x')\nrequest.urlopen(request.Request('https://x'))",
        "from urllib import request\nrequest.urlopen(request.Request('https://x/search', data=b''))",
        "import requests\nrequests.post(TOKEN_URL)\nrequests.post(data, url=f'{data}/graphql')",
        "import stripe\nstripe.Charge.create(amount=1, idempotency_key=pk)",
        "import requests\nrequests.post('https://x', headers={'Idempotency-Key': pk})",
        "import requests\nrequests.post('https://x', headers=idempotent_headers)",
        "work.delay(pk)\nwork.apply_async([pk])",
        "print(pk)\nreturn [row.code for row in Order.objects.all()]",
    ],
)
def test_what_comes_to_the_same_is_no_effect(body: str) -> None:
    assert late(body) is None


def test_a_unique_field_with_a_fresh_value_refuses_nothing() -> None:
    assert late("Single.objects.create(slug=f'a-{uuid.uuid4()}')") == "creates `Single`"
    assert late("slug = str(uuid.uuid4())\nSingle.objects.create(slug=uuid.uuid4().hex)") == "creates `Single`"
    assert late("Single.objects.create(slug=data)") is None
    assert late("Pair.objects.create(order=row)") == "creates `Pair`"


def test_a_model_whose_base_is_not_at_hand_is_not_judged() -> None:
    models = "from acme import Base\nfrom shop.models import Order\nclass Odd(Base, Order):\n    pass\n"
    assert late("from shop.odd import Odd\nOdd.objects.create()\nOdd.objects.bulk_create([])", odd=models) is None


# ---------------------------------------------------------------------------------------------------- callees
@pytest.mark.parametrize(
    ("before", "body", "effect"),
    [
        ("def helper(pk):\n    Entry.objects.create(order_id=pk)", "helper(pk)", ENTRY),
        ("def helper(entry):\n    entry.save()", "helper(Entry(order_id=pk))", ENTRY),
        ("def helper(*, entry):\n    entry.save()", "helper(entry=Entry(order_id=pk))", ENTRY),
        (
            "def helper(pk, send=False):\n    if send:\n        Entry.objects.create(order_id=pk)",
            "helper(pk, send=True)",
            ENTRY,
        ),
        ("def helper(pk, send=False):\n    if send:\n        Entry.objects.create(order_id=pk)", "helper(pk)", None),
        ("def helper(n):\n    if n:\n        helper(n - 1)\n    Entry.objects.create()", "helper(pk)", ENTRY),
        (
            "class Sender:\n    def send(self, pk):\n        Entry.objects.create(order_id=pk)",
            "Sender().send(pk)",
            ENTRY,
        ),
        (
            "from django.core.mail import EmailMessage\nclass Mail(EmailMessage):\n    pass",
            "mail = Mail('a')\nmail.attach('x')\nmail.send()",
            "sends mail",
        ),
        ("from acme import once\n@once\ndef helper(pk):\n    Entry.objects.create()", "helper(pk)", None),
        ("def helper():\n    yield Entry.objects.create()", "list(helper())", None),
        (
            "from django.db import transaction\n@transaction.atomic\ndef helper(pk):\n    Entry.objects.create()",
            "helper(pk)",
            ENTRY,
        ),
    ],
)
def test_effects_of_callees_count_where_they_are_resolved(before: str, body: str, effect: str | None) -> None:
    assert late(body, before) == effect


def test_asynchronous_calls_are_the_same() -> None:
    helper = "async def helper(pk):\n    await Entry.objects.acreate(order_id=pk)\n"
    work = "@shared_task(acks_late=True)\nasync def work(pk):\n    await helper(pk)\n"
    project = linked({"shop/models.py": _MODELS, "shop/tasks.py": f"{_HEAD}{helper}{work}"})
    repeat = Redeliveries(project).repeat(project.tasks[0])
    assert repeat is not None
    assert (repeat.effect.what, repeat.cause) == (ENTRY, Cause.ACKS_LATE)


# ----------------------------------------------------------------------------------------------------- guards
@pytest.mark.parametrize(
    "body",
    [
        "if row.is_sent:\n    return\n" + SEND + "row.sent_at = 1\nrow.save()",
        "if not row.can_send():\n    return\n" + SEND + "row.status = 'sent'\nrow.save()",
        "if row.sent_at:\n    return\nrow.mark()\n" + SEND,
        "if row.sent_at:\n    return\nrow.set_sent()\nrow.save()\n" + SEND,
        "sent = row.sent_at\nif sent is not None:\n    return\nrow.mark()\n" + SEND,
        "if row.sent_at:\n    return\n" + SEND + "Order.objects.filter(pk=pk).update(sent_at=1)",
        "if row.sent_at:\n    return\n" + SEND + "Order.objects.filter(pk=pk).update(**data)",
        "if row.sent_at:\n    return\n" + SEND + "Order.objects.update_or_create(pk=pk, defaults={'sent_at': 1})",
        "if row.sent_at:\n    return\n" + SEND + "Order.objects.update_or_create(pk=pk, defaults=dict(sent_at=1))",
        "if row.sent_at:\n    return\n" + SEND + "row.sent_at = 1\nOrder.objects.bulk_update([row], ['sent_at'])",
        "if row.sent_at is None:\n    " + SEND.strip() + "\n    row.mark()",
        "while not row.sent_at:\n    " + SEND.strip() + "\n    row.mark()",
        "assert not row.sent_at\n" + SEND + "row.mark()",
        "if row.sent_at and data:\n    return\n" + SEND + "row.mark()",
        "match row.sent_at:\n    case None if row.sent_at is None:\n        " + SEND.strip() + "\n        row.mark()",
        "if len(Entry.objects.filter(order_id=pk)):\n    return\n" + CREATE,
        "if Entry.objects.filter(order_id=pk).count() > 0:\n    return\n" + CREATE,
        "entry = Entry.objects.filter(order_id=pk).first()\nif entry is None:\n    " + CREATE,
        "entry, made = Entry.objects.get_or_create(order_id=pk)\nif made:\n    " + SEND,
        "Single.objects.create(slug=data)\n" + SEND,
        "for entry in Entry.objects.all():\n    " + SEND.strip() + "\n    entry.delete()",
        "for order in Order.objects.exclude(status='sent'):\n    " + SEND.strip() + "\n    order.status = 'sent'\n"
        "    order.save()",
    ],
)
def test_a_marker_that_the_task_sets_is_a_guard(body: str) -> None:
    assert late(body) is None


@pytest.mark.parametrize(
    "body",
    [
        "if row.code:\n    return\n" + SEND + "row.mark()",
        SEND + "if row.sent_at:\n    return\nrow.mark()",
        "if row.sent_at:\n    return\n" + SEND + "row.sent_at = 1",
        "if row.attempts > 3:\n    return\n" + SEND + "row.attempts += 1\nrow.save(update_fields=['code'])",
        "if data['sent']:\n    return\nif data.get('x') == 1:\n    return\n" + SEND,
        "for order in Order.objects.filter(pk=pk):\n    "
        + SEND.strip()
        + "\n    order.status = 'sent'\n    order.save()",
        "number = Entry.objects.count()\nentry = Entry.objects.last()\n" + SEND,
    ],
)
def test_other_tests_are_none(body: str) -> None:
    assert late(body) == MAIL


@pytest.mark.parametrize(
    "body",
    [
        "if cache.add(pk, 1):\n    " + SEND,
        "taken = cache.add(pk, 1)\nif not taken:\n    return\n" + SEND,
        "if cache.add(pk, 1) is False:\n    return\n" + SEND,
        "if cache.get(pk):\n    return\n" + SEND + "cache.set(pk, 1)",
        "seen = cache.get(pk)\nif seen == 1:\n    return\n" + SEND,
        "import redis\nif not redis.Redis().setnx(pk, 1):\n    return\n" + SEND,
        "import threading\nlock = threading.Lock()\nlock.acquire()\n" + SEND,
        "with cache.lock(pk):\n    " + SEND,
        "with row_lock(pk), data:\n    " + SEND,
        "from acme import RedisLock\nwith RedisLock(pk):\n    " + SEND,
        "if self.request.retries:\n    return\n" + SEND,
    ],
)
def test_locks_and_keys_that_one_run_gets_are_guards(body: str) -> None:
    assert late(body) is None


def test_a_lock_guards_what_is_under_it_only() -> None:
    assert late("with cache.lock(pk):\n    pass\n" + SEND) == MAIL
    assert late("cache.add(pk, 1)\n" + SEND) == MAIL
    assert late("seen = set()\nseen.add(pk)\n" + SEND) == MAIL


def test_guards_in_callees_hold_for_their_callers() -> None:
    claim = "def claim(pk):\n    return cache.add(pk, 1)\n"
    assert late("if not claim(pk):\n    return\n" + SEND, claim) is None
    only = "def send_once(pk):\n    if not cache.add(pk, 1):\n        return\n    " + SEND
    assert late("send_once(pk)", only) is None
    manager = (
        "from contextlib import contextmanager\n@contextmanager\ndef alone(pk):\n    cache.add(pk, 1)\n    yield\n"
    )
    assert late("with alone(pk):\n    " + SEND, manager) is None


@pytest.mark.parametrize(
    "body",
    [
        "from acme import known\nif known(pk):\n    return\n" + SEND,
        "from acme import known\nif not known(pk):\n    " + SEND,
        "from acme import known\nstate = known(pk)\nif state.sent:\n    return\n" + SEND,
        "from acme import known\nstate = known(pk)['x']\nwhile state:\n    " + SEND,
        "from acme import known\nassert known(pk)\n" + SEND,
        "from acme import known\nwith data:\n    if known(pk):\n        with data:\n            return\n" + SEND,
        "from acme import known\nif known(pk):\n    if data:\n        return\n" + SEND,
        "from acme import known\nfor x in data:\n    if known(x):\n        continue\n    " + SEND,
        "from acme import known\nimport sys\nif known(pk):\n    sys.exit()\n" + SEND,
        "from acme import known\n(known(pk) or send_mail('a', 'b', None, []))",
        "import os\nif os.path.exists(data):\n    return\n" + SEND,
        "import requests\nif requests.get('https://x').json()['sent']:\n    return\n" + SEND,
        "row.load(pk)\nif row.sent_at:\n    return\n" + SEND + "row.remember()",
        "if row.is_known():\n    return\n" + SEND,
        "if row.status == 'sent':\n    return\n" + SEND + "row.remember(order=row)",
    ],
)
def test_a_test_that_is_not_resolved_leaves_the_task_unjudged(body: str) -> None:
    assert late(body) is None


def test_the_status_of_an_answer_is_no_guard() -> None:
    assert (
        late("import requests\nanswer = requests.get('https://x')\nif answer.status_code != 200:\n    return\n" + SEND)
        == MAIL
    )
    assert late("from acme import known\nif known(pk):\n    data = 1\n" + SEND) == MAIL


@pytest.mark.parametrize(
    ("before", "options"),
    [
        (
            "class Base(Task):\n    def __call__(self, *args):\n        if cache.add(1, 1): return self.run()",
            "base=Base",
        ),
        ("class SingletonTask(Task): pass", "base=SingletonTask"),
        ("from celery_once import QueueOnce", "base=QueueOnce"),
        ("from acme import bases", "base=bases[0]"),
        ("", "unique_on=['pk']"),
        ("", "once={'graceful': True}"),
    ],
)
def test_a_base_or_an_option_that_lets_one_run_in_is_a_guard(before: str, options: str) -> None:
    assert _repeat(CREATE, f"acks_late=True, {options}", before) is None


def test_a_base_that_does_not_is_none() -> None:
    assert _repeat(CREATE, "acks_late=True, base=Base", "class Base(Task): pass") is not None
    assert _repeat(CREATE, "acks_late=True, base=Base", "from acme import Base") is not None


def test_a_decorator_of_the_project_is_looked_into() -> None:
    def decorated(inner: str) -> Repeat | None:
        run = f"    def run(*args):\n        {inner}\n        return function(*args)\n    return run\n"
        before = f"def wrapped(function):\n{run}"
        text = f"{_HEAD}{before}@shared_task(acks_late=True)\n@wrapped\ndef work(pk):\n    {CREATE}"
        project = linked({"shop/models.py": _MODELS, "shop/tasks.py": text})
        return Redeliveries(project).repeat(project.tasks[0])

    assert decorated("print(args)") is not None
    assert decorated("if not cache.add(1, 1): return") is None


# ---------------------------------------------------------------------------------------------------- retries
@pytest.mark.parametrize(
    ("exceptions", "then", "again"),
    [
        ("Exception", CREATE, True),
        ("Exception", "print(pk)", False),
        ("Exception", "import json\njson.loads(data)", False),
        ("Exception", "import acme\nacme.push(pk)", True),
        ("Exception", "unknown(pk)", False),
        ("Exception", "import requests\nrequests.get('https://x')", True),
        ("OSError", "import requests\nrequests.get('https://x')", True),
        ("KeyError", "import requests\nrequests.get('https://x')", False),
        ("KeyError", "raise KeyError(pk)", True),
        ("LookupError", "raise KeyError(pk)", True),
        ("ValueError", "raise KeyError(pk)", False),
        ("acme.Down", "acme.push(pk)", True),
        ("acme.Down", "import other\nother.push(pk)", False),
        ("Busy", "if data:\n    raise Busy", True),
        ("Busy", "if data:\n    raise Busier", True),
        ("Busy", "raise Other", False),
        ("Busy", "print(pk)", False),
        ("Exception", "self.update_state(state='x')", False),
    ],
)
def test_an_exception_after_the_effect_repeats_it(exceptions: str, then: str, again: bool) -> None:
    before = "import acme\nclass Busy(Exception): pass\nclass Busier(Busy): pass\nclass Other(Exception): pass\n"
    assert retried(SEND + then, exceptions, before) == (MAIL if again else None)


def test_an_exception_that_is_spared_does_not() -> None:
    assert retried(SEND + "raise KeyError", more=", dont_autoretry_for=(KeyError,)") is None
    assert retried(SEND + "raise ValueError", more=", dont_autoretry_for=(KeyError,)") == MAIL
    assert retried(SEND + CREATE, more=", max_retries=0") is None


def test_what_is_caught_does_not() -> None:
    assert retried(SEND + f"try:\n    {CREATE}except Exception:\n    pass\n") is None
    assert retried(SEND + f"try:\n    {CREATE}finally:\n    print(pk)\n") == MAIL


def test_a_rollback_takes_rows_and_markers_back() -> None:
    assert retried("with transaction.atomic():\n    Entry.objects.create()\n    Order.objects.get()") is None
    assert retried("Entry.objects.create()\nwith transaction.atomic():\n    Order.objects.get()") == ENTRY
    marked = "if row.sent_at:\n    return\nwith transaction.atomic():\n    row.mark()\n    {0}    Order.objects.get()\n"
    assert retried(marked.format(SEND)) == MAIL
    kept = "if row.sent_at:\n    return\nwith transaction.atomic():\n    row.mark()\n{0}Order.objects.get()\n"
    assert retried(kept.format(SEND)) is None
    helper = "@transaction.atomic\ndef helper():\n    Entry.objects.create()\n    Order.objects.get()\n"
    assert retried("helper()", before=helper) is None


@pytest.mark.parametrize(
    ("body", "again"),
    [
        (SEND + "raise self.retry(countdown=1)", True),
        (SEND + "self.retry(throw=False)", True),
        (SEND + "work.retry()", True),
        ("self.retry(throw=False)\n" + SEND, True),
        (SEND + "self.retry(args=[pk])", False),
        (SEND + "self.retry([pk])", False),
        ("try:\n    send_mail('s', 'b', None, [])\nexcept OSError as exc:\n    raise self.retry(exc=exc)", False),
        ("try:\n    raise self.retry()\nexcept self.MaxRetriesExceededError:\n    " + SEND, False),
        (SEND + "again(self)", True),
        ("with transaction.atomic():\n    Entry.objects.create()\n    self.retry()", False),
    ],
)
def test_a_retry_by_hand_repeats_what_came_before(body: str, again: bool) -> None:
    repeat = _repeat(body, "name='x'", "def again(task):\n    task.retry()\n")
    assert (repeat is not None) is again
    assert repeat is None or repeat.cause is Cause.RETRY


def test_class_based_tasks_are_judged_by_their_run() -> None:
    text = (
        f"{_HEAD}class Work(Task):\n    acks_late = True\n    def run(self, pk):\n        self.book(pk)\n"
        "    def book(self, pk):\n        Entry.objects.create(order_id=pk)\n"
    )
    project = linked({"shop/models.py": _MODELS, "shop/tasks.py": text})
    repeat = Redeliveries(project).repeat(project.tasks[0])
    assert repeat is not None
    assert repeat.effect.what == ENTRY


# ------------------------------------------------------------------------------------------------------ bounds
def test_many_branches_are_joined_and_still_judged() -> None:
    branches = "".join(f"if data[{n}]:\n    x{n} = row.code\nelse:\n    x{n} = 1\n" for n in range(12))
    assert late(branches + CREATE) == ENTRY
    assert late("taken = cache.add(pk, 1)\n" + branches + "if not taken:\n    return\n" + CREATE) is None
    tangled = "".join(f"if data[{n}]:\n    Entry.objects.filter(text='{n}').update(text='{n}')\n" for n in range(9))
    assert late("if row.sent_at:\n    return\n" + tangled + "row.mark()\n" + CREATE) is None


def test_a_function_too_large_to_follow_is_not_judged() -> None:
    assert late("print(Order.objects.get(pk=pk).code)\n" * 1200 + CREATE) is None


def test_only_so_many_effects_are_kept() -> None:
    assert late(CREATE * 9) == ENTRY
