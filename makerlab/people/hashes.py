"""The one place where passwords and PINs are hashed: argon2id, as Flask-Security reads it too."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's floor: 19 MiB, 2 passes

# Compared with when there is nobody to compare with, so that a wrong number takes as long as a wrong PIN.
NOBODY = _hasher.hash("nobody")


def hash_secret(secret: str) -> str:
    """An argon2id hash in PHC form."""
    return _hasher.hash(_normal(secret))


def matches(secret: str, stored: str | None) -> bool:
    """Whether `secret` is what was hashed. Always costs one hash, also when nothing is stored."""
    try:
        return _hasher.verify(stored or NOBODY, _normal(secret)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _normal(secret: str) -> bytes:
    # Flask-Security normalises the same way: one keyboard's ü is another one's u with dots.
    # Half a surrogate pair, as JSON may carry it, is a wrong secret, not a crash.
    return unicodedata.normalize("NFKD", secret).encode("utf-8", "surrogatepass")
