"""HTTP for sources: the only place that opens a connection to the outside for polling and reading.

    address ─guard→ Target ─robots, politeness→ its turn ─transport→ httpx.Response ─body→ bytes ─verdict→ FetchResult

`client.Fetcher` walks that line, once for each redirect. `transport.guarded_client` is the same guarded road for a
channel that posts. `redact` takes secrets out of addresses before anyone sees them.
"""
