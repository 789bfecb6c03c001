"""From the bytes of a G-code file to motion blocks, in one compiled pass."""

import numpy as np
from numpy.typing import NDArray

from designs.gcode.arcs import arc
from designs.gcode.compiled import compiled
from designs.gcode.limits import Floats, MotionLimits
from designs.gcode.motion import Blocks, pause, straight
from designs.gcode.state import FEATURES, MAX_FEATURES, OTHER, E, State, X, Y

Bytes = NDArray[np.uint8]
MOST_DIGITS = 10**17
POWERS = 10.0 ** np.arange(300)
UNKNOWN, NOTHING, MCODE = -1, -2, 1000  # G1 is 1, M104 is 1104


@compiled
def count_lines(raw: Bytes) -> int:
    """How many lines there are: an upper bound for the number of blocks."""
    count = 1
    for byte in raw:
        if byte == 10:
            count += 1
    return count


@compiled
def read_blocks(raw: Bytes, state: State, limits: MotionLimits, blocks: Blocks) -> int:
    """Fill `blocks` (of BLOCK) and return how many there are; `state` and `limits` are left as at the end."""
    i = 0
    while i < raw.size:
        while i < raw.size and (raw[i] == 32 or raw[i] == 9 or raw[i] == 13 or raw[i] == 10):
            i += 1
        if i >= raw.size:
            break
        if raw[i] == 59:
            i = _comment(raw, i, state)
            continue
        start = state.here = i
        code, mask, i = _words(raw, i, state.words)
        if code == UNKNOWN and state.strange < 0:
            state.strange = start
        _obey(code, mask, state, limits, blocks)
    return int(state.blocks)


@compiled
def _comment(raw: Bytes, start: int, state: State) -> int:
    """Take a comment that says something, and return where the next line begins."""
    end = start
    while end < raw.size and raw[end] != 10:
        end += 1
    i = start + 1
    if i < end and raw[i] == 32:
        i += 1
    first = raw[i] if i < end else 0
    if first == 84 and _is(raw, i, end, b"TYPE:"):
        state.feature = _feature(raw, i + 5, end, state)
    elif first == 76 and (_is(raw, i, end, b"LAYER_CHANGE") or _is(raw, i, end, b"LAYER:")):
        state.layer += 1
    elif first == 87 and _is(raw, i, end, b"WIPE_START"):
        state.wiping = 1
    elif first == 87 and _is(raw, i, end, b"WIPE_END"):
        state.wiping = 0
    return end + 1


@compiled
def _is(raw: Bytes, start: int, end: int, word: bytes) -> bool:
    if start + len(word) > end:
        return False
    for k in range(len(word)):  # noqa: SIM110 - compiled code has no generators
        if raw[start + k] != word[k]:
            return False
    return True


@compiled
def _feature(raw: Bytes, start: int, end: int, state: State) -> int:
    """The index of a feature's name, by FNV-1a; OTHER when there are too many."""
    mark = np.uint64(14695981039346656037)
    for i in range(start, end):
        if raw[i] != 13:
            mark = (mark ^ np.uint64(raw[i])) * np.uint64(1099511628211)
    known = np.int64(mark)
    count = state.names_known
    for k in range(len(FEATURES), count):
        if state.names[k, 0] == known:
            return k
    if count >= MAX_FEATURES:
        return OTHER
    state.names[count, 0], state.names[count, 1] = known, start
    state.names_known += 1
    return int(count)


@compiled
def _words(raw: Bytes, i: int, words: Floats) -> tuple[int, int, int]:
    """Read one line: its command, the letters that are there (a bit each), and where the next line begins."""
    code, mask, seen = UNKNOWN, 0, False
    while i < raw.size and raw[i] != 10 and raw[i] != 59 and raw[i] != 42:
        byte = raw[i]
        letter = int(byte & 0xDF) - 65
        i += 1
        if byte == 40:
            while i < raw.size and raw[i] != 41 and raw[i] != 10:
                i += 1
            i += 1 if i < raw.size and raw[i] == 41 else 0
        elif 0 <= letter < 26:
            value, i = _number(raw, i)
            if seen:
                words[letter] = value
                mask |= 1 << letter
            elif letter in (6, 12, 19):
                code, seen = _code(letter, value), True
            elif letter != 13:
                seen = True
        elif not seen and byte > 32:
            seen = True
    while i < raw.size and raw[i] != 10:
        i += 1
    return code if seen else NOTHING, mask, i + 1


@compiled
def _code(letter: int, value: float) -> int:
    number = int(value) if 0.0 <= value < 1000000.0 else 999999
    if letter == 6:
        return number
    return MCODE + number if letter == 12 else 10 * MCODE * MCODE


@compiled
def _number(raw: Bytes, i: int) -> tuple[float, int]:
    """A decimal number without exponent, as firmwares read it (E is the filament); inf beyond 17 digits."""
    while i < raw.size and raw[i] == 32:
        i += 1
    negative = i < raw.size and raw[i] == 45
    if i < raw.size and (raw[i] == 45 or raw[i] == 43):
        i += 1
    digits, places, after, huge = 0, 0, False, False
    while i < raw.size:
        digit = int(raw[i]) - 48
        if 0 <= digit <= 9:
            if digits < MOST_DIGITS:
                digits = digits * 10 + digit
                places += after
            else:
                huge |= not after
        elif digit == -2 and not after:
            after = True
        else:
            break
        i += 1
    value = np.inf if huge else digits / POWERS[min(places, POWERS.size - 1)]
    return -value if negative else value, i


@compiled
def _has(mask: int, letter: int) -> bool:
    return (mask >> letter) & 1 == 1


@compiled
def _obey(code: int, mask: int, s: State, limits: MotionLimits, blocks: Blocks) -> None:
    """One command. Letters by place: E 4, F 5, I 8, J 9, P 15, R 17, S 18, T 19, X 23, Y 24, Z 25."""
    if code in (0, 1):
        _take_target(mask, s)
        straight(s, limits, blocks)
    elif code in (2, 3):
        x, y = s.position[X], s.position[Y]
        _take_target(mask, s)
        i, j = _word(mask, 8, s), _word(mask, 9, s)
        arc(code == 2, x, y, i, j, _word(mask, 17, s), s, limits, blocks)
    elif code == 4:
        pause(s.words[18] if _has(mask, 18) else s.words[15] / 1000.0 if _has(mask, 15) else 0.0, s, blocks)
    elif code in (20, 21):
        s.inches = 1 if code == 20 else 0
    elif code == 28:
        _home(mask, s, limits, blocks)
    elif code in (90, 91):
        s.relative = code - 90
    elif code == 92:
        _call_here(mask, s)
    elif code == MCODE + 82 or code == MCODE + 83:
        s.relative_e = code - MCODE - 82
    elif code > MCODE + 200:
        _change_limits(code, mask, s, limits)


@compiled
def _change_limits(code: int, mask: int, s: State, limits: MotionLimits) -> None:
    w = s.words
    if code == MCODE + 201:
        _set_axes(mask, w, limits.acceleration)
    elif code == MCODE + 203:
        _set_axes(mask, w, limits.speed)
    elif code == MCODE + 204:
        _set_push(mask, w, limits)
    elif code == MCODE + 205:
        _set_axes(mask, w, limits.jerk)
        if _has(mask, 9):
            limits.deviation = w[9]
    elif code == MCODE + 220 and _has(mask, 18) and w[18] > 0.0:
        s.factor = w[18] / 100.0
    elif code == MCODE + 221 and _has(mask, 18) and w[18] > 0.0:
        s.flow = w[18] / 100.0


@compiled
def _word(mask: int, letter: int, s: State) -> float:
    """A length of this line in mm, 0 where it is missing."""
    unit = 25.4 if s.inches else 1.0
    return float(s.words[letter] * unit) if _has(mask, letter) else 0.0


@compiled
def _set_axes(mask: int, words: Floats, values: Floats) -> None:
    for axis in range(4):
        letter = 23 + axis if axis < E else 4
        if _has(mask, letter) and words[letter] > 0.0:
            values[axis] = words[letter]


@compiled
def _set_push(mask: int, words: Floats, limits: MotionLimits) -> None:
    """M204: P, R, T for printing, retracting, travelling; in the older form S for printing, T for retracting.

    PrusaSlicer counts travel by the last T, also after an S. Nothing is set above what the machine takes.
    """
    old = _has(mask, 18)
    for kind in range(3):
        letter = (18, 19, -1)[kind] if old else (15, 17, 19)[kind]
        if letter > 0 and _has(mask, letter) and words[letter] > 0.0:
            limits.push[kind] = min(words[letter], limits.most[kind])


@compiled
def _call_here(mask: int, s: State) -> None:
    """G92: give the place where the machine is another name."""
    unit = 25.4 if s.inches else 1.0
    for axis in range(4):
        letter = 23 + axis if axis < E else 4
        if _has(mask, letter):
            s.shift[axis] = s.position[axis] - s.words[letter] * unit


@compiled
def _take_target(mask: int, s: State) -> None:
    """Set `delta` and the feed rate from the words of a move, and go there."""
    unit = 25.4 if s.inches else 1.0
    for axis in range(4):
        s.delta[axis] = 0.0
        letter = 23 + axis if axis < E else 4
        if _has(mask, letter):
            value = s.words[letter] * unit
            if not (s.relative or (axis == E and s.relative_e)):
                value += s.shift[axis] - s.position[axis]
            s.delta[axis] = value
            s.position[axis] += value
    if _has(mask, 5) and s.words[5] > 0.0:
        s.feed = s.words[5] * unit / 60.0


@compiled
def _home(mask: int, s: State, limits: MotionLimits, blocks: Blocks) -> None:
    """G28 counts as a move to the origin, as in PrusaSlicer; real homing is the machine's `start_s`."""
    every = (mask >> 23) & 7 == 0
    for axis in range(4):
        s.delta[axis] = 0.0
        if axis < E and (every or _has(mask, 23 + axis)):
            s.delta[axis] = -s.position[axis]
            s.position[axis] = s.shift[axis] = 0.0
    straight(s, limits, blocks)
