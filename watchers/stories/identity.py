"""What makes an article the same one, and its text the same text."""

from hashlib import blake2b

from watchers.models import Reading
from watchers.stories.canonical import canonical_url

LONGEST_ADDRESS = 600  # code points: PostgreSQL indexes at most 2,704 bytes


def article_hash(reading: Reading) -> str:
    """The identity of an article's words: equal for texts that differ only in white space."""
    words = "\n".join((" ".join(reading.title.split()), " ".join(reading.text.split())))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def addresses(*urls: str | None) -> tuple[str, ...]:
    """The canonical addresses among `urls`, each once, in order; fit for an index."""
    return tuple(dict.fromkeys(address_key(canonical_url(url)) for url in urls if url))


def address_key(address: str) -> str:
    """The address, or where it is longer than any index takes its beginning and a hash of the whole."""
    if len(address) <= LONGEST_ADDRESS:
        return address
    return f"{address[:LONGEST_ADDRESS]} {blake2b(address.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def resembles(one: str, other: str) -> bool:
    """Whether two headlines share half the words of the shorter one."""
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return bool(words) and bool(others) and 2 * len(words & others) >= min(len(words), len(others))
