"""The relation solver: what a consumer reads of each row, what the queryset loads, and the difference."""
