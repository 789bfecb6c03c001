"""Geometry and slicing of printable meshes: read, check, estimate, arrange, slice, time, picture.

Usable alone (`python -m designs --help`); knows nothing of the web application. Lengths are millimetres.
"""
