"""Queries: text normaliser, grammar, one automaton for all watches, evidence spans."""
