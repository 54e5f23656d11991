from wagtail.fields import Block as Block
from wagtail.fields import BlockField as BlockField
