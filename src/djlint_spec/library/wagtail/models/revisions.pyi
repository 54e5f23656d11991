from wagtail.models import PageRevisionsManager as PageRevisionsManager
from wagtail.models import Revision as Revision
from wagtail.models import RevisionMixin as RevisionMixin
from wagtail.models import RevisionQuerySet as RevisionQuerySet
from wagtail.models import RevisionsManager as RevisionsManager
