from django_filters.rest_framework import FilterSet as FilterSet
