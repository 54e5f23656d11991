from rest_framework.routers import SchemaView as SchemaView
