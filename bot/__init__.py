"""What speaks to people: the command line, the cards and the channels they are posted to."""

__version__ = "0.1.0"
