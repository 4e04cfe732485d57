"""
Where messages may be sent to: a name is resolved once, what it resolved to is checked, and the connection goes to
exactly that address. So nobody can make us talk to a machine of the operator's own network, or to the metadata service
of a cloud, by an address in a contact or by a name whose answer changes between the check and the connection.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Final

from services.runtime.errors import Rejected, Unreachable

__all__ = ["AddressFault", "Resolve", "checked_addresses", "is_private", "system_resolve"]

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host as text, the best first; raises OSError where there is none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments; a cloud has its metadata there
        "168.63.129.16/32",  # a cloud's own services, as its machines see them
        "64:ff9b:1::/48",  # NAT64 of a network's own
        "::ffff:0:0:0/96",  # IPv4, translated
        "fec0::/10",  # site-local, as it once was
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
"""What the standard library takes for public, at least in some of its versions."""


class AddressFault(StrEnum):
    """
    Why nothing is sent to an address.
    """

    PRIVATE = "address_private"
    NOWHERE = "address_nowhere"


async def checked_addresses(host: str, port: int, *, private: bool, resolve: Resolve) -> Sequence[str]:
    """
    Resolve a host and return the addresses that may be connected to.

    `private` says that the operator allows addresses of this machine and of private networks. Raises Unreachable where
    the name is unknown, Rejected with an AddressFault where none of its addresses will do.
    """
    try:
        found = await resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise Unreachable("the name of the host is unknown") from error
    somewhere = [address for address in found if not _is_nowhere(_read(address))]
    if not somewhere:
        raise Rejected(AddressFault.NOWHERE, "the host has no address that one machine has")
    allowed = somewhere if private else [address for address in somewhere if not is_private(address)]
    if not allowed:
        raise Rejected(
            AddressFault.PRIVATE,
            "the host lies on this machine or in a private network; private_addresses: true allows it",
        )
    return allowed


def is_private(address: str) -> bool:
    """
    Whether an address is anything but a public one: loopback, private, link-local (where clouds have their metadata),
    shared, reserved, or an IPv6 address that leads to such an IPv4 one.
    """
    return any(
        not one.is_global or one.is_multicast or any(one in network for network in _NOT_PUBLIC)
        for one in _meant(_read(address))
    )


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """
    Ask the machine, in a thread of its own; what is an address already needs no asking.
    """
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _read(address: str) -> _Address:
    return ipaddress.ip_address(address.partition("%")[0])


def _is_nowhere(address: _Address) -> bool:
    return any(one.is_unspecified or one.is_multicast for one in _meant(address))


def _meant(address: _Address) -> list[_Address]:
    """
    The address, and every IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, Teredo, NAT64.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    inside: list[_Address] = []
    if address.sixtofour is not None:
        inside.append(address.sixtofour)
    if address.teredo is not None:
        inside += address.teredo
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64:
        # The network itself counts as public: it leads wherever the IPv4 address in it does.
        return [low]
    if address in _COMPATIBLE and int(address) > 1:
        inside.append(low)
    return [address, *inside]
