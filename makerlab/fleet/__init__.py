"""Printers, what was last seen of them, and whether their bed is clear."""
