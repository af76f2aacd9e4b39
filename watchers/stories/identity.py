"""What makes an article the same one, and its text the same text."""

from hashlib import blake2b

from watchers.models import Reading
from watchers.stories.canonical import canonical_url


def article_hash(reading: Reading) -> str:
    """The identity of an article's words: equal for texts that differ only in white space."""
    words = "\n".join((" ".join(reading.title.split()), " ".join(reading.text.split())))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def addresses(*urls: str | None) -> tuple[str, ...]:
    """The canonical addresses among `urls`, each once, in order."""
    return tuple(dict.fromkeys(canonical_url(url) for url in urls if url))
