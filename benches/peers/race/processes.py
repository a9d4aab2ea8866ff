"""Runs phases, each a process of its own, and reads the rows that they print."""

import json
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from . import measure

# A phase that has not ended by then is killed, and shown as failed.
SECONDS_MAX = 4 * 3_600


@dataclass
class Ran:
    """What a process said and took."""

    rows: list
    seconds: float
    peak_bytes: int
    # The share of the machine that others used meanwhile.
    others: float
    error: str = ""

    def of(self, row):
        return [each for each in self.rows if each["row"] == row]

    def first(self, row):
        return next(iter(self.of(row)), None)


@dataclass
class Processes:
    """The ones that run, so that an interrupted race leaves none behind."""

    running: set = field(default_factory=set)
    busiest: float = 0.0

    def run(self, command, timeout=SECONDS_MAX, env=None):
        """Runs to the end; an error is told, not thrown."""
        begun, busy = time.perf_counter(), measure.busy_seconds()
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = self.start(command, stdout=out, stderr=err, env=env)
            status, usage = self.wait(process, timeout)
            seconds = time.perf_counter() - begun
            out.seek(0)
            err.seek(0)
            rows = [row for row in map(parsed, out) if row is not None]
            said = err.read().strip()
        others = self.others(busy, usage, seconds)
        error = "" if status == 0 else (said or f"ended with {status}")[-2000:]
        return Ran(rows, seconds, usage.ru_maxrss * 1024, others, error)

    def start(self, command, **how):
        process = subprocess.Popen(
            [str(word) for word in command], start_new_session=True, text=True, **how
        )
        self.running.add(process)
        return process

    def wait(self, process, timeout):
        """The exit status, and what the process used."""
        ends = time.monotonic() + timeout
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                self.running.discard(process)
                return process.returncode, usage
            if time.monotonic() > ends:
                ends = float("inf")
                self.kill(process)
            time.sleep(0.005)

    def others(self, busy, usage, seconds):
        now = measure.busy_seconds()
        if busy is None or now is None or seconds < 1:
            return 0.0
        own = usage.ru_utime + usage.ru_stime
        share = max(0.0, (now - busy - own) / (seconds * measure.CORES))
        self.busiest = max(self.busiest, share)
        return share

    def kill(self, process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def kill_all(self):
        for process in list(self.running):
            self.kill(process)
            process.wait()
        self.running.clear()


def parsed(line):
    """A row, or None for whatever else a system prints."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and "row" in row else None
