from channels.auth import BaseMiddleware as BaseMiddleware
