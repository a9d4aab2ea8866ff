"""Clocks, the page cache, and how much of the machine others used meanwhile."""

import json
import os
import statistics
import time

CORES = os.cpu_count() or 1


def emit(row, **values):
    """Hands a row to the race; every process of it speaks so, a line each."""
    print(json.dumps({"row": row, **values}), flush=True)


def timed(what):
    """How many seconds it took, and what it gave."""
    begun = time.perf_counter()
    made = what()
    return time.perf_counter() - begun, made


def median_ms(what, times):
    """The median and the least of several times, after one that is not counted. What
    takes seconds is done less often."""
    first, _ = timed(what)
    times = 1 if first > 30 else min(times, 3) if first > 8 else times
    took = [timed(what)[0] * 1e3 for _ in range(times)]
    return statistics.median(took), min(took)


def busy_seconds():
    """CPU seconds of the whole machine since it started, or None where that is not told."""
    try:
        with open("/proc/stat") as stat:
            user, nice, system, idle, io, irq, soft, steal = map(int, stat.readline().split()[1:9])
    except (OSError, ValueError):
        return None
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def drop_cache(directory):
    """Asks the system to forget the pages of every file below, written ones first; says
    whether it was asked at all."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for folder, _, names in os.walk(directory):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def size_of(path):
    """Bytes of a file with what lies beside it under its name, or of everything below."""
    if os.path.isdir(path):
        return sum(
            os.path.getsize(os.path.join(folder, name))
            for folder, _, names in os.walk(path)
            for name in names
        )
    return sum(os.path.getsize(path + more) for more in ("", "-wal", ".wal") if os.path.exists(path + more))
