"""Forms of the phone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from makerlab.core.language import lazy
from makerlab.materials.forms import LineField, WholeField
from makerlab.stock.models import ReservedFor
from makerlab.stock.rules import MOST_PIECES
from makerlab.stock.words import PROMISES

LONGEST_WAIT_S = 7 * 24 * 3600
WHOLE_PIECES = lazy("Bitte eine ganze Zahl.")


def pieces_field(label: Any, low: int) -> WholeField:
    refusals = [
        InputRequired(WHOLE_PIECES),
        NumberRange(low, MOST_PIECES, lazy("Diese Stückzahl geht nicht.")),
    ]
    return WholeField(label, refusals, WHOLE_PIECES, default=low)


class PiecesForm(FlaskForm):
    """So many pieces at a place. `form_token`: the same form twice counts once."""

    place_id = RadioField(lazy("Ort"), [InputRequired(lazy("Wählen Sie einen Ort."))], coerce=int)
    pieces = pieces_field(lazy("Wie viele?"), 1)
    form_token = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])

    def offer(self, places: Iterable[tuple[int, str]], likely: int | None) -> None:
        """What can be chosen; the likely one is chosen when the form is new."""
        self.place_id.choices = list(places)
        ids = [place_id for place_id, _ in self.place_id.choices]
        if not self.is_submitted() and ids:
            self.place_id.data = likely if likely in ids else ids[0]

    def stepped(self) -> bool:
        """Whether only − or + was pressed, without JavaScript; then the number is one less or more."""
        step = {"-1": -1, "1": 1}.get(request.form.get("pieces_step", ""), 0)
        if step:
            number = self.pieces.data if isinstance(self.pieces.data, int) else 0
            self.pieces.data = min(max(number + step, 0), MOST_PIECES)
            self.pieces.raw_data = None
        return bool(step)


class SellForm(PiecesForm):
    receipt = LineField(lazy("Nummer des Kassenbons"), [Length(max=40)])
    promise_id = RadioField(lazy("Ist das versprochen?"), coerce=int, default=0)


class MoveForm(PiecesForm):
    target_id = RadioField(lazy("Wohin?"), [InputRequired(lazy("Wählen Sie einen Ort."))], coerce=int)


class PromiseForm(PiecesForm):
    """Pieces for an event or a company; no place: they may still be to make."""

    place_id = None
    kind = RadioField(
        lazy("Für"),
        choices=[(kind.value, status.word) for kind, status in PROMISES.items()],
        default=ReservedFor.EVENT.value,
    )
    purpose = LineField(lazy("Für wen?"), [InputRequired(lazy("Für wen sind die Stücke?")), Length(max=120)])
    until = DateField(lazy("Gebraucht am"), [Optional()])


class LevelForm(FlaskForm):
    level = WholeField(lazy("Melden ab"), [Optional(), NumberRange(0, MOST_PIECES)], WHOLE_PIECES)


class LateForm(PiecesForm):
    """A count that may have waited on a phone without a network, for so many seconds."""

    seconds_ago = WholeField("", [Optional(), NumberRange(0, LONGEST_WAIT_S)], WHOLE_PIECES)

    def counted_at(self, now: datetime) -> datetime | None:
        """When it was counted, by the phone's own clock; None: now."""
        return now - timedelta(seconds=self.seconds_ago.data) if self.seconds_ago.data else None


class CountForm(LateForm):
    pieces = pieces_field(lazy("Wie viele sind da?"), 0)


class AssembleForm(PiecesForm):
    place_id = None  # in the workshop


class StocktakeForm(LateForm):
    place_id = None
    pieces = pieces_field(lazy("Wie viele sind da?"), 0)


class PriceForm(FlaskForm):
    price = LineField(
        lazy("Neuer Preis"), [InputRequired(lazy("Schreiben Sie zum Beispiel 12,50.")), Length(max=20)]
    )
