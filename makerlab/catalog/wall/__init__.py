"""The wall of designs: found, filtered, counted and sorted in memory, as the database says it is now.

Why not SQLite's FTS5: PostgreSQL has none, and its own search folds words, ranks and forgives otherwise. A
lab has hundreds of designs, seldom thousands; a process holds all their words, and one implementation gives
the same result on both databases, also in the middle of a German compound and after a slip of the finger.
"""
