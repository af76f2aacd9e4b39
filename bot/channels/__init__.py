"""Destinations, one file a kind: each turns the same card into what its service shows."""
