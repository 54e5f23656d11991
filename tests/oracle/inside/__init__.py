"""What runs inside the checked project's own Python: imports Django, DRF and the standard library only."""
