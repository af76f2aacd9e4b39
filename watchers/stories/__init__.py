"""One event, told once: canonical addresses, copies, known stories, placing, summaries."""
