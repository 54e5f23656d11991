from channels.auth import CookieMiddleware as CookieMiddleware
from channels.auth import SessionMiddleware as SessionMiddleware
