from wagtail.models import BaseLogEntry as BaseLogEntry
from wagtail.models import BaseLogEntryManager as BaseLogEntryManager
from wagtail.models import LogEntryQuerySet as LogEntryQuerySet
from wagtail.models import ModelLogEntry as ModelLogEntry
