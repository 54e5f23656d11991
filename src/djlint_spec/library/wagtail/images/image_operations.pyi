from wagtail.images.models import FilterOperation as FilterOperation
from wagtail.images.models import FormatOperation as FormatOperation
from wagtail.images.models import ImageTransform as ImageTransform
from wagtail.images.models import TransformOperation as TransformOperation
