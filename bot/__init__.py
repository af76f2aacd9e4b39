"""What speaks to people: the command line, the cards and the channels they are posted to."""
