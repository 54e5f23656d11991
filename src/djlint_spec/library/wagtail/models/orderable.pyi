from wagtail.models import Orderable as Orderable
