"""Which addresses an outgoing call may lead to: none of this machine, of a closed network, or of
those that are nobody's. What a person typed as an address is read here too."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 2000
_CLOSED_4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's own services, at an address that looks like anybody's
    )
)  # fmt: skip
# Only these are given out to hosts; what stands for an IPv4 address or a tunnel is not among them.
_GIVEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# Where clouds tell a machine its own secrets: not even inside the house.
_NEVER = tuple(
    ip_network(one)
    for one in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32",
                "168.63.129.16/32", "224.0.0.0/4", "ff00::/8", "0.0.0.0/8", "::/128")
)  # fmt: skip
EVERYTHING: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_INSIDE = ("localhost", "local", "internal", "home.arpa", "lan", "intranet", "corp")


def is_public(address: Address) -> bool:
    """Whether it is somebody's on the internet. `is_global` alone takes tunnels for the world."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address in _GIVEN_6 and not any(address in network for network in _CLOSED_6)


def may_be_called(address: Address, inward: Sequence[Network]) -> bool:
    """Whether a call may go there; `inward` are the closed networks that the operator opened."""
    if is_public(address):
        return True
    plain = (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
    if any(plain in network for network in _NEVER):
        return False
    return any(plain in network for network in inward)


def fault_in(url: str, inward: Sequence[Network]) -> str:
    """Why an address that was typed cannot be called, in a sentence; empty where it can be tried.

    What its name leads to is looked at when it is called, each time.
    """
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "This is no web address."
    if len(url) > LONGEST or _ODD.search(url) or not url.isprintable():
        return "This is no web address: it is too long, or has a space or a \\ in it."
    if parts.scheme not in ("https", "http"):
        return "This must be an address that begins with https://."
    if "@" in parts.netloc:
        return "Leave the name and the password out of the address."
    return _fault_in_host(host, parts.scheme, inward)


def _fault_in_host(host: str, scheme: str, inward: Sequence[Network]) -> str:
    try:
        name = host.encode("idna").decode().lower() if not host.isascii() else host.lower()
    except UnicodeError:
        return "The name in this address cannot be."
    literal = literal_in(name)
    if literal is not None:
        if not may_be_called(literal, inward):
            return CLOSED
        inside = not is_public(literal)
    elif not _is_name(name):
        return "The name in this address cannot be. Write it as it is usually written."
    else:
        inside = name.rpartition(".")[2] in _INSIDE or "." not in name
        if inside and not inward:
            return CLOSED
    if scheme == "http" and not (inward and (inside or literal is None)):
        return "This must be an address that begins with https://."
    return ""


CLOSED = (
    "This address leads to this machine or into a closed network. Use one on the internet, or have "
    "the operator of this hub open it with HUB_ALLOW_PRIVATE."
)


def literal_in(host: str) -> Address | None:
    """The address that a host is, where it is one and no name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    """A name of labels. One that ends in a number is an address in disguise: 127.1, 0x7f.1."""
    labels = host.split(".")
    last = labels[-1]
    disguised = last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None
    return len(host) <= 253 and not disguised and all(_LABEL.fullmatch(one) for one in labels)
