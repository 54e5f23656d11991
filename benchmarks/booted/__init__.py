"""Projects of the corpora booted for real, and their list endpoints measured: see boot.py."""
