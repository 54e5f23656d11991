"""The object file of one source file: a compact, serialisable tree. Knows nothing of where it lies."""
