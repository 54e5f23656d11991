from django.views import View as View
from django.views.generic.base import ContextMixin as ContextMixin
from django.views.generic.base import TemplateResponseMixin as TemplateResponseMixin
from django.views.generic.detail import BaseDetailView as BaseDetailView
from django.views.generic.detail import SingleObjectTemplateResponseMixin as SingleObjectTemplateResponseMixin
from django.views.generic.edit import BaseCreateView as BaseCreateView
from django.views.generic.edit import BaseDeleteView as BaseDeleteView
from django.views.generic.edit import BaseFormView as BaseFormView
from django.views.generic.edit import BaseUpdateView as BaseUpdateView
from django.views.generic.list import BaseListView as BaseListView
from django.views.generic.list import MultipleObjectMixin as MultipleObjectMixin
from django.views.generic.list import MultipleObjectTemplateResponseMixin as MultipleObjectTemplateResponseMixin

class RedirectView(View):
    permanent = False
    url = None
    pattern_name = None
    query_string = False
    def get_redirect_url(self, *args, **kwargs): ...
    def get(self, *args, **kwargs): ...
    def head(self, *args, **kwargs): ...
    def post(self, *args, **kwargs): ...
    def options(self, *args, **kwargs): ...
    def delete(self, *args, **kwargs): ...
    def put(self, *args, **kwargs): ...
    def patch(self, *args, **kwargs): ...
class TemplateView(TemplateResponseMixin, ContextMixin, View):
    def get(self, *args, **kwargs): ...
class ArchiveIndexView(MultipleObjectTemplateResponseMixin, MultipleObjectMixin, View):
    template_name_suffix = '_archive'
class DateDetailView(SingleObjectTemplateResponseMixin, BaseDetailView):
    template_name_suffix = '_detail'
class DayArchiveView(MultipleObjectTemplateResponseMixin, MultipleObjectMixin, View):
    template_name_suffix = '_archive_day'
class MonthArchiveView(MultipleObjectTemplateResponseMixin, MultipleObjectMixin, View):
    template_name_suffix = '_archive_month'
class TodayArchiveView(MultipleObjectTemplateResponseMixin, MultipleObjectMixin, View):
    template_name_suffix = '_archive_day'
class WeekArchiveView(MultipleObjectTemplateResponseMixin, MultipleObjectMixin, View):
    template_name_suffix = '_archive_week'
class YearArchiveView(MultipleObjectTemplateResponseMixin, MultipleObjectMixin, View):
    template_name_suffix = '_archive_year'
class DetailView(SingleObjectTemplateResponseMixin, BaseDetailView): ...
class CreateView(SingleObjectTemplateResponseMixin, BaseCreateView):
    template_name_suffix = '_form'
class DeleteView(SingleObjectTemplateResponseMixin, BaseDeleteView):
    template_name_suffix = '_confirm_delete'
class FormView(TemplateResponseMixin, BaseFormView): ...
class UpdateView(SingleObjectTemplateResponseMixin, BaseUpdateView):
    template_name_suffix = '_form'
class ListView(MultipleObjectTemplateResponseMixin, BaseListView): ...
class GenericViewError: ...
