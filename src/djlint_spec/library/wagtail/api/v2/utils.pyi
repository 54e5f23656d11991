from wagtail.api.v2.views import BadRequestError as BadRequestError
