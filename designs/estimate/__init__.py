"""How long a piece prints and what it uses, from its mesh and the profiles alone, without slicing."""

from designs.estimate.estimate import Estimate, estimate

__all__ = ["Estimate", "estimate"]
