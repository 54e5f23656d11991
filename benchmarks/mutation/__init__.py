"""A mutation run over the corpora: what is right there is made wrong, one place at a time, and must be found."""
