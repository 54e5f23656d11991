from django.contrib.sessions.base_session import AbstractBaseSession as AbstractBaseSession
from django.contrib.sessions.base_session import BaseSessionManager as BaseSessionManager

class SessionManager(BaseSessionManager):
    use_in_migrations = True
class Session(AbstractBaseSession):
    objects = SessionManager()
    class Meta:
        app_label = 'sessions'
    @classmethod
    def get_session_store_class(cls, *args, **kwargs): ...
