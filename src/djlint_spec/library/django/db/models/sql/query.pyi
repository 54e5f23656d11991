from django.contrib.postgres.constraints import Query as Query
