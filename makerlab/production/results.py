"""What came of a print: the filament that was booked, why pieces are scrap, pictures of what lay there."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.errors import Conflict, Forbidden
from makerlab.core.language import _
from makerlab.core.photos import Photo
from makerlab.materials.models import FilamentMovement
from makerlab.people.models import Account
from makerlab.production.models import Attempt, Step
from makerlab.production.outcome import AttemptPhoto, ScrapCount

MOST_PHOTOS = 6  # of one print


def booked_g(session: Session, attempt_id: int) -> float | None:
    """Grams that were booked for an attempt; None where nothing was."""
    line = sa.select(FilamentMovement.milligrams).where(FilamentMovement.attempt_id == attempt_id)
    milligrams = session.scalar(line)
    return None if milligrams is None else -milligrams / 1000


def scrap_of(session: Session, attempt_id: int) -> Sequence[ScrapCount]:
    """Pieces by reason, the most frequent first."""
    counts = sa.select(ScrapCount).where(ScrapCount.attempt_id == attempt_id)
    return session.scalars(counts.order_by(ScrapCount.pieces.desc(), ScrapCount.reason)).all()


def photos_of(session: Session, attempt_id: int) -> Sequence[AttemptPhoto]:
    """Oldest first."""
    photos = sa.select(AttemptPhoto).where(AttemptPhoto.attempt_id == attempt_id)
    return session.scalars(photos.order_by(AttemptPhoto.id)).all()


def keep_photo(session: Session, attempt: Attempt, photo: Photo, *, by: Account, now: datetime) -> None:
    """Keep a picture of what lay on the bed; the same one twice is one. Raises Forbidden, Conflict.

    Whoever took the print off adds it, or an instructor.
    """
    removed = any(step.step is Step.REMOVED and step.account_id == by.id for step in attempt.steps)
    if not removed and not by.has_role(Role.INSTRUCTOR):
        raise Forbidden(_("Diesen Druck hat jemand anderes abgeholt."), way_out=_("Rufen Sie Hilfe."))
    kept = [one.sha256 for one in photos_of(session, attempt.id)]
    if photo.sha256 in kept:
        return
    if len(kept) >= MOST_PHOTOS:
        raise Conflict(_("Mehr als %(most)s Fotos gehen nicht.", most=MOST_PHOTOS))
    session.add(
        AttemptPhoto(
            attempt_id=attempt.id, sha256=photo.sha256, width=photo.width, height=photo.height,
            taken_by_id=by.id, taken_at=now,
        )
    )  # fmt: skip
    session.flush()
