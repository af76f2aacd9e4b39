"""Which watches an article answers, and where the words stand that say so.

    query text ─query.compile_query→ Query (an expression tree) ┐
    Document ─normalise→ token stream ─automaton→ hits ─────────┴ matcher: candidates → judge → Match, Evidence

Everything here is pure: text in, frozen values out. A `Matcher` is built once from all watches of
all desks and replaced as a whole.
"""
