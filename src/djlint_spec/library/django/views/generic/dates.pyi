from django.views.generic import ArchiveIndexView as ArchiveIndexView
from django.views.generic import DateDetailView as DateDetailView
from django.views.generic import DayArchiveView as DayArchiveView
from django.views.generic import MonthArchiveView as MonthArchiveView
from django.views.generic import TodayArchiveView as TodayArchiveView
from django.views.generic import WeekArchiveView as WeekArchiveView
from django.views.generic import YearArchiveView as YearArchiveView
