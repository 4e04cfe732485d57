"""
Bearer tokens: how one is made, kept and recognised, which sources it may speak for, and what its holder may do.

A token is `sqm_<id>_<secret>`. The secret is 256 random bits, so a plain SHA-256 of it is the right thing to keep: the
slow hashes made for passwords defend secrets that people choose, which can be guessed; these cannot, and a slow hash
would let anybody burn our processor by presenting wrong tokens. The id finds the entry without comparing secrets; the
digests are then compared in constant time, with a digest that nobody has where the id is unknown, so that the time of
an answer tells neither how much of a secret was right nor whether an id exists.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["RANDOM_BYTES", "SECRET_BYTES", "Token", "TokenBook", "issue", "revoke"]

SECRET_BYTES: Final = 32
_ID_BYTES: Final = 5
RANDOM_BYTES: Final = SECRET_BYTES + _ID_BYTES
"""How much randomness `issue` asks for."""
_LONGEST: Final = 200
_NOBODY: Final = hashlib.sha256(b"a secret that was never issued").hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    """
    What its holder may do, a system by the prefixes of its `source`, a person by a role; and the digest of the secret.
    """

    id: str
    name: str
    digest: str
    sources: tuple[str, ...]
    created_at: int
    revoked_at: int | None = None
    role: str | None = None


def issue(
    name: str, sources: Iterable[str], randomness: bytes, now_ms: int, role: str | None = None
) -> tuple[Token, str]:
    """
    Make a token from `RANDOM_BYTES` random bytes: what is kept, and the text that is shown once.
    """
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"a token needs {RANDOM_BYTES} random bytes")
    token_id = base64.b32encode(randomness[:_ID_BYTES]).decode().lower()
    secret = base64.urlsafe_b64encode(randomness[_ID_BYTES:]).decode().rstrip("=")
    kept = Token(token_id, name, _digest(secret), tuple(sources), now_ms, role=role)
    return kept, f"sqm_{token_id}_{secret}"


def revoke(tokens: Iterable[Token], id_or_name: str, now_ms: int) -> tuple[list[Token], list[Token]]:
    """
    Return all tokens with those of this id or name revoked, and the ones that this concerned.
    """
    kept: list[Token] = []
    revoked: list[Token] = []
    for token in tokens:
        if id_or_name in (token.id, token.name) and token.revoked_at is None:
            token = replace(token, revoked_at=now_ms)  # noqa: PLW2901  (the entry's new state)
            revoked.append(token)
        kept.append(token)
    return kept, revoked


class TokenBook:
    """
    All tokens as they stand; immutable, so that a reloaded file is a new book.

    `equal` compares two digests in constant time.
    """

    __slots__ = ("_by_id", "_equal")

    def __init__(self, tokens: Iterable[Token], *, equal: Callable[[str, str], bool] = hmac.compare_digest) -> None:
        self._equal = equal
        self._by_id = {token.id: token for token in tokens if token.revoked_at is None}

    def __len__(self) -> int:
        return len(self._by_id)

    def holder(self, presented: str) -> Token | None:
        """
        Return the token that this text proves; None for a wrong, unknown or revoked one.
        """
        if len(presented) > _LONGEST:
            return None
        label, _, rest = presented.partition("_")
        token_id, _, secret = rest.partition("_")
        token = self._by_id.get(token_id) if label == "sqm" else None
        right = self._equal(_digest(secret), token.digest if token else _NOBODY)
        return token if right else None

    def bearer(self, authorization: str) -> Token | None:
        """
        Return the token that an `Authorization` header proves (``Bearer …``, RFC 6750); None for any other.
        """
        scheme, _, presented = authorization.partition(" ")
        return self.holder(presented.strip()) if scheme.lower() == "bearer" else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
