"""Policy pages: their text, and the change between two versions."""
