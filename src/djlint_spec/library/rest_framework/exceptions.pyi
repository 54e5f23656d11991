from django.http import JsonResponse as JsonResponse
from rest_framework.serializers import ErrorDetail as ErrorDetail
from rest_framework.serializers import ReturnDict as ReturnDict
from rest_framework.serializers import ReturnList as ReturnList
from rest_framework.serializers import ValidationError as ValidationError

class APIException:
    status_code = 500
    default_code = 'error'
    def get_codes(self, *args, **kwargs): ...
    def get_full_details(self, *args, **kwargs): ...
class ParseError(APIException):
    status_code = 400
    default_code = 'parse_error'
class AuthenticationFailed(APIException):
    status_code = 401
    default_code = 'authentication_failed'
class NotAuthenticated(APIException):
    status_code = 401
    default_code = 'not_authenticated'
class PermissionDenied(APIException):
    status_code = 403
    default_code = 'permission_denied'
class NotFound(APIException):
    status_code = 404
    default_code = 'not_found'
class MethodNotAllowed(APIException):
    status_code = 405
    default_code = 'method_not_allowed'
class NotAcceptable(APIException):
    status_code = 406
    default_code = 'not_acceptable'
class UnsupportedMediaType(APIException):
    status_code = 415
    default_code = 'unsupported_media_type'
class Throttled(APIException):
    status_code = 429
    default_code = 'throttled'
def server_error(*args, **kwargs): ...
def bad_request(*args, **kwargs): ...
