from django_scopes import ScopeError as ScopeError
