from wagtail.models import ReferenceIndex as ReferenceIndex
