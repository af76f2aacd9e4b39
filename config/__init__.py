"""What the desk is told: environment, watch-list file, seed corpus, demo newsroom."""
