from wagtail.contrib.forms.models import FormBuilder as FormBuilder
from wagtail.contrib.forms.models import WagtailAdminFormPageForm as WagtailAdminFormPageForm
