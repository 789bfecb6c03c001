"""Memory that is free goes back to the system.

glibc learns from each large array that is freed to keep the next one, in an arena of each thread: pictures
drawn once left 60 MB behind for good, and a lab in use held nearly twice what it needed (docs/measured.md).
"""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
LARGE = 128 * 1024  # bytes: glibc's own first choice, which now stays


def give_back() -> None:
    """To be called before there are threads; does nothing where the C library is another."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(M_MMAP_THRESHOLD, LARGE)
    mallopt(M_TRIM_THRESHOLD, LARGE)
