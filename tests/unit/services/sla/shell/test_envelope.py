"""
The blob in which a chunk and its waiting outcomes are saved together.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.errors import Misconfigured
from services.sla.shell.envelope import Kind, Pending, sealed, unsealed

PENDING = st.builds(
    Pending, st.sampled_from(Kind), st.sampled_from(["opened", "standing", "ö"]), st.binary(max_size=99)
)


@given(st.binary(max_size=99), st.lists(PENDING, max_size=9))
def test_what_was_sealed_is_what_is_found(chunk: bytes, pending: list[Pending]) -> None:
    assert unsealed(sealed(chunk, pending)) == (chunk, pending)


def test_another_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(Misconfigured, match="format 9"):
        unsealed(b"\x09" + sealed(b"chunk", [])[1:])


@pytest.mark.parametrize(
    "blob", [b"\x01", sealed(b"", [Pending(Kind.VIOLATION, "opened", b"{}")])[:9]], ids=["short", "cut"]
)
def test_bytes_that_no_worker_wrote_are_refused_with_what_to_do(blob: bytes) -> None:
    with pytest.raises(Misconfigured, match="something else wrote to the topic of checkpoints"):
        unsealed(blob)
