"""The relation solver's verdicts beside what Django does when the same project runs."""
