"""Names whose values are made of the same names, at once or by way of another, have an end for every rule."""

from __future__ import annotations

import re

import pytest

from djlint_spec import engine

FILES = {
    "manage.py": "",
    "shop/__init__.py": "",
    "settings.py": """
INSTALLED_APPS = ["shop", "rest_framework"]
INSTALLED_APPS = list(INSTALLED_APPS)
ROOT_URLCONF = "urls"
SECRET_KEY = wrap(SECRET_KEY)
AUTH_USER_MODEL = str(AUTH_USER_MODEL)
MIDDLEWARE = [*MIDDLEWARE]
DATABASES = dict(DATABASES)
REST_FRAMEWORK = wrap(REST_FRAMEWORK)
CELERY_TASK_ACKS_LATE = wrap(CELERY_TASK_ACKS_LATE)
TEMPLATES = [TEMPLATES]
""",
    "urls.py": """
from django.urls import include, path
from rest_framework.routers import DefaultRouter
from shop import views
router = DefaultRouter()
router = wrap(router)
inner = (inner, "x")
inner2 = [inner2]
inner3 = include(inner3)
a = wrap(b)
b = wrap(a)
urlpatterns = [path("a", views.index), path("b", include(inner)), path("c", include(inner2)), path("d", a),
  path("e", include(inner3)),
  path("f", include(router.urls)), path("g", views.Things.as_view()), path("h", views.Other)]
urlpatterns = wrap(urlpatterns)
urlpatterns += urlpatterns
router.register("x", views.Set)
""",
    "shop/models.py": """
from django.db import models
Base = wrap(Base)
Base2 = (Base2, models.Model)
Manager = Manager.from_queryset(Manager)
QS = wrap(QS)
TARGET = wrap(TARGET)
CHOICES = [*CHOICES]
opts = dict(**opts)
Field = partial(Field, null=True)
class A(Base, *Base2): pass
class Thing(models.Model):
    objects = Manager()
    other = QS.as_manager()
    objects = wrap(objects)
    target = models.ForeignKey(TARGET, **opts)
    f = Field(choices=CHOICES)
    f = f
    g = models.ForeignKey("self", related_name=NAME, on_delete=models.CASCADE)
    class Meta:
        ordering = ordering
        constraints = [*constraints]
        indexes = wrap(indexes)
NAME = NAME + "x"
Thing = register(Thing)
objs = objs.filter(a=objs)
def f():
    for x in objs:
        print(x.target)
        x = x.target
    q = q.filter()
    for y in q: y.g.g
class M(M): pass
class N(O): pass
class O(N): pass
""",
    "shop/views.py": """
from rest_framework import serializers, viewsets, generics
from shop.models import Thing
def deco(f): return f
def index(request): pass
index = deco(index)
index = deco(deco(index))
Ser = wrap(Ser)
qs = wrap(qs)
FIELDS = FIELDS + ("a",)
FIELDS2 = (*FIELDS2, "b")
field = wrap(field)
class S(serializers.ModelSerializer):
    a = field
    b = wrap(b)
    many = Ser(many=many)
    class Meta:
        model = model
        fields = FIELDS
class S2(S):
    class Meta(S.Meta):
        model = Thing
        fields = FIELDS2
        extra_kwargs = dict(extra_kwargs)
class Set(viewsets.ModelViewSet):
    queryset = qs
    serializer_class = Ser
    def get_queryset(self):
        return self.get_queryset()
class Set2(Set):
    queryset = queryset.all()
    serializer_class = S2
Things = wrap(Things)
class Other(generics.ListAPIView):
    queryset = Thing.objects.all()
    serializer_class = S2
Other = deco(Other)
""",
    "shop/tasks.py": """
from celery import shared_task, Celery
app = Celery()
app = wrap(app)
task = app.task(task)
def t(): pass
t = shared_task(t)
t = wrap(t)
u = u.s(u)
v = v.delay
w = partial(w, 1)
KEY = KEY
lock = redis.lock(lock)
client = client.get(client)
def run():
    t.delay(); u.delay(); v(); w.apply_async()
    with lock: pass
    client.set(KEY, 1)
    lock.acquire(); lock.release()
""",
    "shop/admin.py": """
from django.contrib import admin
from shop.models import Thing
list_display = list_display
COLS = [*COLS]
@admin.register(Thing)
class T(admin.ModelAdmin):
    list_display = COLS
    list_select_related = list_select_related
    list_filter = wrap(list_filter)
    actions = actions
T = wrap(T)
admin.site.register(Thing, T)
admin.site.register(MODELS, T)
MODELS = (MODELS, Thing)
""",
}

_MADE = re.compile(r"^( *)(\w+) = (.+)$")


def by_another(text: str) -> str:
    """A text in which each name that is made of itself is made of another that is made of it."""
    lines = []
    for line in text.splitlines():
        made = _MADE.match(line)
        if made is None or re.search(rf"\b{made[2]}\b", made[3]) is None:
            lines.append(line)
            continue
        indent, name, value = made.groups()
        lines.append(f"{indent}{name} = " + re.sub(rf"\b{name}\b", f"{name}_other", value))
        lines.append(f"{indent}{name}_other = {value}")
    return "\n".join(lines)


_BY_ANOTHER = {path: by_another(text) for path, text in FILES.items()}


@pytest.mark.parametrize("files", [FILES, _BY_ANOTHER], ids=["of itself", "of another"])
def test_the_check_ends_without_a_fault(files: dict[str, str]) -> None:
    assert engine.check_sources(files).faults == ()
