from django_lifecycle import NotSet as NotSet
