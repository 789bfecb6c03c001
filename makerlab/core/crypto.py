"""Encryption of the print hosts' keys, and hashes of codes. The key lies outside the database."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet


def encrypt(secret: str, key: str) -> str:
    return _fernet(key).encrypt(secret.encode()).decode()


def decrypt(token: str, key: str) -> str:
    """Raises `cryptography.fernet.InvalidToken` when the key file is not the one it was encrypted with."""
    return _fernet(key).decrypt(token.encode()).decode()


def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))


def new_code() -> str:
    """128 random bits for a QR card or label, as 32 capital hex digits: safe to type by any scanner."""
    return secrets.token_hex(16).upper()


def code_hash(code: str) -> str:
    """What is stored of a code. A plain hash suffices: 128 random bits cannot be guessed."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
