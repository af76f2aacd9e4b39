"""Which IP addresses belong to the public internet: the guard's table.

An address goes in, the name of the block that forbids it comes out, or nothing. The table is the union of the IANA
special-purpose registries (RFC 6890 and its successors); `ipaddress.is_global` is no substitute: it lets through
192.0.0.192, NAT64 and 6to4, which some hosts route inwards.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address

FORBIDDEN_V4: Final = tuple(
    (IPv4Network(block), name)
    for block, name in (
        ("127.0.0.0/8", "this machine"),
        ("10.0.0.0/8", "private"),
        ("192.168.0.0/16", "private"),
        ("172.16.0.0/12", "private"),
        ("169.254.0.0/16", "link-local"),
        ("100.64.0.0/10", "shared by a carrier"),
        ("0.0.0.0/8", "this network"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("192.31.196.0/24", "name server sinkhole"),
        ("192.175.48.0/24", "name server sinkhole"),
        ("192.52.193.0/24", "multicast tunnel"),
        ("192.88.99.0/24", "6to4 relay"),
        ("198.18.0.0/15", "benchmarking"),
        ("168.63.129.16/32", "a cloud's own host"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

GLOBAL_UNICAST_V6: Final = IPv6Network("2000::/3")

FORBIDDEN_V6: Final = tuple(
    (IPv6Network(block), name)
    for block, name in (
        ("2001::/23", "protocol assignments, Teredo among them"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "name server sinkhole"),
        ("3ffe::/16", "returned test network"),
        ("3fff::/20", "documentation"),
    )
)

# RFC 5214: the lower half of an ISATAP address is 0000:5efe or 0200:5efe, then an IPv4 address.
ISATAP_MARKS: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})


def forbidden(address: Address) -> str | None:
    """Name the block that keeps `address` off the public internet, or None if it is public."""
    if isinstance(address, IPv4Address):
        return next((name for block, name in FORBIDDEN_V4 if address in block), None)
    if address.scope_id is not None:
        return "link-local"
    if address not in GLOBAL_UNICAST_V6:
        # Mapped, compatible and NAT64 forms fall here too, whatever IPv4 address they carry.
        return "not global unicast"
    if (int(address) >> 32) & 0xFFFF_FFFF in ISATAP_MARKS:
        return "ISATAP"
    return next((name for block, name in FORBIDDEN_V6 if address in block), None)
