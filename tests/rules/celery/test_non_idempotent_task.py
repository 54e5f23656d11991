"""The page's sections, run by real Celery and Django: what they say of a second run is what it does."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec.catalog import Section, load_pages
from djlint_spec.engine import check_sources
from tests.running import run

_PAGES = Path(__file__).resolve().parents[3] / "rules"

#: Tables for the section's models, mail kept in memory, and what makes an effect fail once.
_SET_UP = """
import json
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.signals import pre_delete, pre_save

settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
with connection.schema_editor() as editor:
    for model in apps.get_app_config("shop").get_models():
        editor.create_model(model)

from celery import current_app
from django.core import mail
from django.core.mail.backends import locmem
from shop import models, tasks

mail.outbox = []
current_app.conf.task_always_eager = True

def fail_once(signal, sender):
    def fail(**kwargs):
        signal.disconnect(fail, sender=sender)
        raise OSError("the database went away")
    signal.connect(fail, sender=sender, weak=False)

def fail_mail(number):
    sent = locmem.EmailBackend.send_messages
    calls = []
    def send(self, messages):
        calls.append(messages)
        if len(calls) == number:
            raise OSError("the server went away")
        return sent(self, messages)
    locmem.EmailBackend.send_messages = send

def in_a_worker(task, *arguments):
    # Run as a worker does; the number of messages that it has sent.
    from celery.app.trace import build_tracer
    task.app.conf.update(task_always_eager=False, broker_url="memory://", result_backend="cache+memory://")
    request = {"id": "1", "retries": 0, "is_eager": False, "delivery_info": {"exchange": "", "routing_key": "celery"}}
    build_tracer(task.name, task, app=task.app)("1", arguments, {}, request)
    with task.app.connection_for_read() as connection:
        return connection.default_channel.queue_declare("celery", passive=True).message_count

def delivered_twice(task, *arguments):
    for _ in range(2):
        task.apply(args=arguments)

def answer(*values):
    print(json.dumps(values))
"""

_ORDER = 'order = models.Order.objects.create(code="A", email="a@example.com", status="open")\n'


def _section(title: str) -> Section:
    (page,) = (page for page in load_pages([_PAGES]) if page.code == "DJS401")
    return next(section for section in page.sections if section.title == title)


def _told(folder: Path, title: str, script: str) -> object:
    files = {path: text for path, text in _section(title).files.items() if path.startswith("shop/")}
    files["requests.py"] = "class RequestException(Exception): ..."  # imported, and not asked for anything
    return run(folder, files, _SET_UP + dedent(script))


@pytest.mark.parametrize(
    ("title", "script", "times"),
    [
        (
            "a row is made by a task that is acknowledged late",
            _ORDER + "delivered_twice(tasks.book, order.pk); answer(models.Entry.objects.count())",
            [2],
        ),
        (
            "a row with a fresh key for each attempt",
            'delivered_twice(tasks.notify, "a@example.com"); answer(models.Message.objects.count())',
            [2],
        ),
        (
            "a new row is saved, rows are made in bulk, a column is raised in the database",
            _ORDER
            + "delivered_twice(tasks.save, order.pk); one = models.Entry.objects.count()\n"
            + "delivered_twice(tasks.save_many, [order.pk]); delivered_twice(tasks.add, order.pk)\n"
            + "answer(one, models.Entry.objects.count() - one, models.Order.objects.get().stock)",
            [2, 2, 2],
        ),
        (
            "a test of something that the task does not set is no guard",
            _ORDER + "delivered_twice(tasks.book, order.pk); answer(models.Entry.objects.count())",
            [2],
        ),
        (
            "a counter moves before the retry",
            _ORDER + "tasks.take.max_retries = 1; tasks.take.apply(args=[order.pk, 1])\n"
            "answer(-models.Order.objects.get().stock)",
            [2],
        ),
        (
            "the effect is in a helper, two modules away",
            _ORDER + "fail_mail(1); tasks.confirm.apply(args=[order.pk]); answer(models.Entry.objects.count())",
            [2],
        ),
        (
            "mail in a loop, of which the second fails",
            _ORDER + _ORDER + "fail_mail(2); tasks.remind.apply(); answer(len(mail.outbox))",
            [3],
        ),
        (
            "the marker is set too late for the retry",
            _ORDER
            + "fail_once(pre_save, models.Entry); tasks.confirm.apply(args=[order.pk]); answer(len(mail.outbox))",
            [2],
        ),
        (
            "a rollback does not take mail back",
            _ORDER + "fail_once(pre_save, models.Entry); tasks.confirm.apply(args=[order.pk])\n"
            "answer(len(mail.outbox), models.Entry.objects.count())",
            [2, 1],
        ),
        (
            "a retry that is swallowed has been sent all the same",
            _ORDER + "tasks.print_label = lambda order: open('/nowhere/at/all')\n"
            "answer(in_a_worker(tasks.confirm, order.pk), len(mail.outbox))",
            [1, 1],  # one mail, and one more message that will send another
        ),
    ],
)
def test_a_bad_section_repeats_its_effect(title: str, script: str, times: list[int], tmp_path: Path) -> None:
    assert _told(tmp_path, title, script) == times


@pytest.mark.parametrize(
    ("title", "script", "times"),
    [
        (
            "guarded by the status in the callee, under select_for_update",
            _ORDER + "delivered_twice(tasks.book, order.pk); answer(models.Entry.objects.count())",
            [2],  # its two entries, each once
        ),
        (
            "what raises the retry comes before the effect, which is last",
            _ORDER + "fail_mail(1); tasks.confirm_by_hand.apply(args=[order.pk]); answer(len(mail.outbox))",
            [1],
        ),
        (
            "the rows of all effects roll back together",
            _ORDER + "fail_once(pre_delete, models.Order); tasks.book.apply(args=[order.pk])\n"
            "answer(models.Entry.objects.count(), models.Order.objects.count())",
            [0, 0],  # the retried run deletes the order, and its entry with it
        ),
        (
            "upserts, deletes, absolute values, reads",
            _ORDER + "delivered_twice(tasks.book, order.pk); delivered_twice(tasks.reset, order.pk)\n"
            "answer(models.Entry.objects.count(), models.Order.objects.get().stock)",
            [1, 5],
        ),
        (
            "a unique key refuses the second row",
            'order = models.Order.objects.create(code="A")\n'
            "delivered_twice(tasks.book, order.pk); delivered_twice(tasks.pay, order.pk, 'a@example.com')\n"
            "answer(models.Booking.objects.count(), models.Payment.objects.count(), len(mail.outbox))",
            [1, 1, 1],
        ),
        (
            "only rows that are not marked yet are worked on",
            _ORDER + "delivered_twice(tasks.remind); delivered_twice(tasks.remind_by_q); answer(len(mail.outbox))",
            [2],  # one by each of the two tasks
        ),
        (
            "looked for before it is made",
            _ORDER + "delivered_twice(tasks.tell, order.pk); one = len(mail.outbox)\n"
            "models.Entry.objects.all().delete(); delivered_twice(tasks.book, order.pk)\n"
            "delivered_twice(tasks.book_or_not, order.pk); answer(one, models.Entry.objects.count())",
            [1, 1],
        ),
    ],
)
def test_a_good_section_comes_to_the_same(title: str, script: str, times: list[int], tmp_path: Path) -> None:
    assert _told(tmp_path, title, script) == times


def test_the_effect_and_the_option_are_related_places() -> None:
    files = _section("acks_late for the whole app").files
    (finding,) = (found for found in check_sources(files).findings if found.code == "DJS401")
    assert [(related.span.path, related.span.row, related.message) for related in finding.related] == [
        ("shop/tasks.py", 8, "creates `Entry`"),
        ("config/celery.py", 4, "the message is acknowledged only after the run"),
    ]
    assert "get_or_create" in finding.help
