"""What commands answer, as Discord shows it: pure functions from what is known to embeds and buttons."""
