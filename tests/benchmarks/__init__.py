"""Speed, told as ratios beside peers in the same run: `make bench`.

    texts (invented, the same at every run) → one module a group of rows → measure.Row → a table (`__main__`)

Nothing here asserts a time: machines differ. What is asserted is that both sides did the same work. The figures that
stand in the documentation are in `docs/performance.md`.
"""
