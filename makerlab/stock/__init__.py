"""Products, places, the ledger of movements, and reservations."""
