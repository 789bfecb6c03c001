"""How much filament is left, as plain questions. Filament is counted in integer milligrams."""

MILLIGRAMS = 1000  # in a gram
NEARLY_EMPTY_G = 100.0
SHORT_DAYS = 7


def correction(gross_g: int, tare_g: int, booked_mg: int) -> int:
    """The line, in milligrams, that brings the books to what the scale says."""
    return (gross_g - tare_g) * MILLIGRAMS - booked_mg


def percent_left(left_g: float, received_g: float) -> int:
    """Share of the received weight that is left, 0 to 100."""
    if received_g <= 0:
        return 0
    return round(100 * max(0.0, min(1.0, left_g / received_g)))


def days_left(left_g: float, daily_g: float) -> int | None:
    """Whole days that filament lasts when it goes on as lately; None where nothing was used."""
    return None if daily_g <= 0 else int(max(0.0, left_g) / daily_g)


def soon_gone(days: int | None) -> bool:
    """Whether what lasts so many days should be ordered anew."""
    return days is not None and days < SHORT_DAYS


def nearly_empty(left_g: float) -> bool:
    return left_g < NEARLY_EMPTY_G
