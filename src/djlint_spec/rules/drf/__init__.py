"""Rules on Django REST framework."""
