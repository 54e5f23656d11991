from django.db.migrations import SeparateDatabaseAndState as SeparateDatabaseAndState
from django.db.migrations import RunSQL as RunSQL
from django.db.migrations import RunPython as RunPython
