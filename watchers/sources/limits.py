"""How much of a source is taken. Beyond it text is cut and entries are left, and the loss is said."""

from typing import Final

MAX_ENTRIES: Final = 500  # of one answer, the newest by date
MAX_DISCOVERED: Final = 20  # feeds named to a person who gave a page's address
TITLE_LENGTH: Final = 1_000  # code points
SUMMARY_LENGTH: Final = 100_000
NAME_LENGTH: Final = 300  # bylines, outlets
ADDRESS_LENGTH: Final = 4_000
ID_LENGTH: Final = 4_000
