"""Where a webhook may go: a host's addresses are checked, and the one that was checked is the one called."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

Resolve = Callable[[str, int], list[str]]


class Refused(Exception):
    """The host resolves to an address that nothing may be sent to."""


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system resolves them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_address(host: str, port: int, *, private: bool, resolve: Resolve = resolved) -> str:
    """The address to connect to. Refused where any of the host's is private, loopback or of this network alone.

    All are looked at: a name that resolves to a public and to a private address is refused too.
    """
    found = resolve(host.strip("[]"), port)
    if not found:
        raise Refused(f"{host} has no address")
    if not private:
        for address in found:
            if not _public(address):
                raise Refused(f"{host} is {address}, which is not public; CHANGXIAO_DELIVER_PRIVATE=true lets it")
    return found[0]


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast
