"""HTTP for sources: the only place that opens a connection to the outside for polling and reading."""
