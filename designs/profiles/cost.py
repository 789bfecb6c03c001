"""What a print costs: filament by weight, the machine by the hour."""

from designs.profiles.model import Machine, Material


def cost_eur(machine: Machine, material: Material, *, grams: float, seconds: float) -> float:
    """EUR for so many grams of filament and so many seconds of the machine; nobody's wages."""
    return grams / 1000 * material.price_eur_kg + seconds / 3600 * machine.hourly_cost
