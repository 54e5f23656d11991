from wagtail.images.models import Rect as Rect
