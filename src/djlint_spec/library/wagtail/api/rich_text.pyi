from wagtail.api.v2.views import APIRichText as APIRichText
from wagtail.api.v2.views import RichTextFormatError as RichTextFormatError
