"""pretix: the lists of its API, read with the token of a team that may do everything; PostgreSQL."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test.utils import override_settings
from django_scopes import scopes_disabled
from pretix.base.models import Device, Event, Organizer, Team
from rest_framework.test import APIClient

from booted.measuring import Booted, Scene, World

_KEY = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
_DAY = datetime.datetime(2026, 12, 1, tzinfo=datetime.timezone.utc)


def _organizer() -> tuple[APIClient, Organizer]:
    organizer = Organizer.objects.create(name="Readers", slug="readers", plugins="pretix.plugins.banktransfer")
    team = Team.objects.create(
        organizer=organizer,
        name="All",
        all_events=True,
        all_event_permissions=True,
        all_organizer_permissions=True,
    )
    token = team.tokens.create(name="reader")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token.token}")
    return client, organizer


def _of_organizer() -> Scene:
    client, organizer = _organizer()
    return Scene(client, [organizer], {"organizer": organizer.slug})


def _of_event() -> Scene:
    client, organizer = _organizer()
    event = Event.objects.create(
        organizer=organizer,
        name="Event",
        slug="event",
        date_from=_DAY,
        plugins=",".join(
            f"pretix.plugins.{name}"
            for name in ("banktransfer", "sendmail", "ticketoutputpdf", "badges", "autocheckin")
        ),
        has_subevents=True,
    )
    return Scene(client, [organizer, event], {"organizer": organizer.slug, "event": event.slug})


def _of_device() -> Scene:
    _, organizer = _organizer()
    device = Device.objects.create(
        organizer=organizer, name="Reader", all_events=True, api_token="t", initialized=_DAY, rsa_pubkey=_KEY
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {device.api_token}")
    return Scene(client, [organizer, device])


def _of_single_event() -> Scene:
    scene = _of_event()
    event = scene.given[1]
    event.has_subevents = False
    event.save()
    return scene


@contextmanager
def _as_deployed() -> Iterator[None]:
    """The rows of all organizers are made at once; and there is a cache, as in any deployment with Redis."""
    cache = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=cache), scopes_disabled():
        yield


_ORDERS = "/api/v1/organizers/<organizer>/events/<event>/orders/row-order"

PROJECT = Booted(
    worlds=[
        World(
            _of_event,
            urls={
                "GiftCardViewSet": "/api/v1/organizers/<organizer>/giftcards/?expand=owner_ticket",
                "ReusableMediaViewSet": (
                    "/api/v1/organizers/<organizer>/reusablemedia/"
                    "?expand=linked_giftcard&expand=linked_giftcard.owner_ticket&expand=customer&expand=linked_orderposition"
                ),
                "CheckinListViewSet": "/api/v1/organizers/<organizer>/events/<event>/checkinlists/?expand=subevent",
                "OrganizerOrderPositionViewSet": "/api/v1/organizers/<organizer>/orderpositions/?pdf_data=true",
                "EventOrderPositionViewSet": (
                    "/api/v1/organizers/<organizer>/events/<event>/orderpositions/?pdf_data=true"
                ),
            },
        ),
        World(_of_organizer, only=["EventViewSet", "TeamViewSet"]),
        World(_of_device, only=["InfoView"]),
        World(_of_single_event, only=["SeatViewSet", "ItemProgramTimeViewSet"], shared={"item": "pretixbase.Item"}),
        World(
            _of_event,
            only=["ItemAddOnViewSet", "ItemBundleViewSet", "ItemVariationViewSet", "QuestionOptionViewSet"],
            shared={"item": "pretixbase.Item", "question": "pretixbase.Question"},
        ),
        World(
            _of_event,
            only=["order.PaymentViewSet", "order.RefundViewSet"],
            shared={"key": "pretixbase.Order"},
            urls={"PaymentViewSet": f"{_ORDERS}/payments/", "RefundViewSet": f"{_ORDERS}/refunds/"},
            recipes={"pretixbase.Order": lambda family: {"code": "row-order", "status": "p"}},
        ),
        World(_of_organizer, only=["GiftCardTransactionViewSet"], shared={"giftcard": "pretixbase.GiftCard"}),
        World(
            _of_organizer,
            only=["TeamAPITokenViewSet", "TeamInviteViewSet", "TeamMemberViewSet"],
            shared={"team": "pretixbase.Team"},
        ),
        World(
            _of_event,
            only=["CheckinListPositionViewSet", "CheckinRPCSearchView"],
            shared={"list": "pretixbase.CheckinList"},
            urls={"CheckinRPCSearchView": "/api/v1/organizers/<organizer>/checkinrpc/search/?list=<list>"},
            recipes={"pretixbase.CheckinList": lambda family: {"subevent": None}},
        ),
    ],
    recipes={
        "autocheckin.AutoCheckinRule": lambda family: {"limit_payment_methods": []},
        "pretixbase.CartPosition": lambda family: {"cart_id": f"{family.serial}@api"},
        "pretixbase.EventMetaProperty": lambda family: {"choices": []},
        "pretixbase.Order": lambda family: {"status": "p"},
        "pretixbase.QuestionAnswer": lambda family: {"answer": "file://row"},
        "pretixbase.SeatingPlan": lambda family: {"layout": "{}"},
        "pretixbase.TaxRule": lambda family: {"custom_rules": None},
    },
    packages=("pretix",),
    patched=_as_deployed,
)
