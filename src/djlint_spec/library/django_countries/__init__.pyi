from django_countries.fields import Countries as Countries
