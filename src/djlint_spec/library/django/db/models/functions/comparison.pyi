from django.db.models.functions import Cast as Cast
from django.db.models.functions import Coalesce as Coalesce
from django.db.models.functions import Collate as Collate
from django.db.models.functions import Greatest as Greatest
from django.db.models.functions import Least as Least
from django.db.models.functions import NullIf as NullIf
