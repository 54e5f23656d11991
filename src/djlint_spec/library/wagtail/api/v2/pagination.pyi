from wagtail.api.v2.views import WagtailPagination as WagtailPagination
