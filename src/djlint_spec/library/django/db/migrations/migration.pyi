from django.db.migrations import Migration as Migration
