from celery.result import DependencyGraph as DependencyGraph
from celery.result import GraphFormatter as GraphFormatter
