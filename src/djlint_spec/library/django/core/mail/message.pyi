from django.core.mail import BadHeaderError as BadHeaderError
from django.core.mail import EmailAlternative as EmailAlternative
from django.core.mail import EmailAttachment as EmailAttachment
from django.core.mail import EmailMessage as EmailMessage
from django.core.mail import EmailMultiAlternatives as EmailMultiAlternatives
from django.core.mail import SafeMIMEMultipart as SafeMIMEMultipart
from django.core.mail import SafeMIMEText as SafeMIMEText
