from django.contrib.postgres.fields import HStoreField as HStoreField
