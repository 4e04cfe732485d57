"""
A key on the topic of checkpoints that no owner wrote is passed over, whoever put it there.
"""

import pytest

from services.runtime.kafka.checkpoints import BlobName, _key, _parsed


@pytest.mark.parametrize("key", [b"", b"abcde", b"\x00" * 12 + b"\xff\xfe"], ids=["empty", "short", "no text"])
def test_foreign_keys_are_passed_over(key: bytes) -> None:
    assert _parsed(key) is None


def test_an_owner_finds_its_own_keys() -> None:
    name = BlobName("branch-7", 3)
    assert _parsed(_key(9, name)) == (9, name)
