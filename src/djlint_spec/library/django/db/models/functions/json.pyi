from django.db.models.functions import JSONArray as JSONArray
from django.db.models.functions import JSONObject as JSONObject
