"""Desks that are killed at random moments, and what must hold all the same: `python -m tests.soak --runs N`."""
