from drf_spectacular.utils import OpenApiTypes as OpenApiTypes
