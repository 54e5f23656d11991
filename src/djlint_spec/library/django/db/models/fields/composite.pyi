from django.db.models import CompositePrimaryKey as CompositePrimaryKey
