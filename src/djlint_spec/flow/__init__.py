"""Paths through functions: what runs under which guard, which lock is held, what a function does."""
