"""Colours, filament and spools; what is left on a spool is the sum of its movements."""
