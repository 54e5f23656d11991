from wagtail.fields import StreamBlock as StreamBlock
from wagtail.fields import StreamValue as StreamValue
