"""
Only public addresses are connected to, unless the operator allows others; an IPv6 address is what it leads to.
"""

import pytest

from services.alerts.shell.notifiers.addresses import AddressFault, checked_addresses, is_private, system_resolve
from services.runtime.errors import Rejected, Unreachable
from tests.fakes.resolving import Answers

UNSPECIFIED = "0.0.0.0"  # noqa: S104 - nothing is bound to it
PRIVATE = [
    "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", UNSPECIFIED,
    "192.0.2.1", "198.18.0.1", "240.0.0.1", "255.255.255.255", "224.0.0.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::127.0.0.1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254",
    "2001:0:7f00:1::", "2001:0:808:808:0:0:80ff:fffe",
    "192.0.0.192", "168.63.129.16", "::ffff:192.0.0.192", "2002:c000:c0::1", "64:ff9b:1:7f00:1::", "::ffff:0:7f00:1",
    "fec0::1", "3fff::1", "5f00::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_public_network_is_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_network_is_not(address: str) -> None:
    assert not is_private(address)


async def test_of_several_addresses_only_the_public_ones_are_connected_to() -> None:
    resolve = Answers("10.0.0.1", "8.8.8.8", "::1")
    assert await checked_addresses("mixed.test", 443, private=False, resolve=resolve) == ["8.8.8.8"]
    assert resolve.asked == [("mixed.test", 443)]


async def test_a_private_address_needs_the_operator_s_word() -> None:
    with pytest.raises(Rejected, match="private_addresses: true allows it") as caught:
        await checked_addresses("inside.test", 443, private=False, resolve=Answers("10.0.0.1"))
    assert caught.value.reason == AddressFault.PRIVATE
    assert await checked_addresses("inside.test", 443, private=True, resolve=Answers("10.0.0.1")) == ["10.0.0.1"]


@pytest.mark.parametrize("address", [UNSPECIFIED, "::", "224.0.0.1", "ff02::1", "::ffff:0.0.0.0"])
async def test_an_address_that_no_machine_has_is_never_connected_to(address: str) -> None:
    with pytest.raises(Rejected) as caught:
        await checked_addresses("nowhere.test", 443, private=True, resolve=Answers(address))
    assert caught.value.reason == AddressFault.NOWHERE


async def test_a_name_that_is_unknown_may_be_known_later() -> None:
    with pytest.raises(Unreachable, match="unknown"):
        await checked_addresses("gone.test", 443, private=False, resolve=Answers())


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "::1", "localhost"])
async def test_however_this_machine_is_written_it_is_found_out(host: str) -> None:
    with pytest.raises(Rejected):
        await checked_addresses(host, 80, private=False, resolve=system_resolve)


async def test_a_name_that_no_resolver_can_take_is_unknown() -> None:
    with pytest.raises(Unreachable):
        await checked_addresses("a" * 300 + ".test", 80, private=False, resolve=system_resolve)
