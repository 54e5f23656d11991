from wagtail.models import APIToken as APIToken
