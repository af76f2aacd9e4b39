"""Article text: from fetched bytes to title, paragraphs and metadata, in a killable worker."""
