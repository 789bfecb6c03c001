"""Designs of several parts: a lamp is a shade and three clips. A change of the parts is a new revision."""
