from django.contrib.admin import ModelAdmin as ModelAdmin
from django.contrib.admin import ShowFacets as ShowFacets
from django.contrib.admin import StackedInline as StackedInline
from django.contrib.admin import TabularInline as TabularInline
