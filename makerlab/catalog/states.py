"""Verdicts and the states of a revision. Plain values; tables and rules both stand on them."""

import enum


class Verdict(enum.StrEnum):
    APPROVED = "approved"
    RETURNED = "returned"


class RevisionState(enum.StrEnum):
    """Derived from the reviews by `catalog.rules.revision_state`, never stored."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    REPLACED = "replaced"
