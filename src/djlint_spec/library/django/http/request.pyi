from django.http import HttpHeaders as HttpHeaders
from django.http import HttpRequest as HttpRequest
from django.http import QueryDict as QueryDict
from django.http import RawPostDataException as RawPostDataException
from django.http import UnreadablePostError as UnreadablePostError
