from django.views.decorators.csrf import CsrfViewMiddleware as CsrfViewMiddleware
