"""What everybody said: kept row by row, compared, and told at the end."""

import json
import os
import platform
import shlex
import subprocess
import sys
from datetime import datetime, timezone

from . import measure, table
from .prepare import HERE, ROOT, SIZES, say
from .table import PEERS, Answers

IDS = [f"Q{n}" for n in range(1, 14)]

# Rows of the second table, in its order.
LOAD, LOAD_PARQUET = "load the NDJSON, s", "load the Parquet, s"
LOAD_HARD = "hard: load the NDJSON, s"
BYTES, BYTES_IN_MEMORY = "bytes an event on disk", "bytes an event in memory"
BYTES_HARD = "hard: bytes an event on disk"
MAKE = "making 100 audiences over all history, s"
REFRESH = "refresh: a batch, 100 audiences exact, ms"
SINGLE_DURABLE = "one event, 100 audiences, durable, µs"
SINGLE = "one event, 100 audiences, without the sync, µs"
OPEN = "open to read, cold, ms"
READY = "open with 100 audiences, after a clean stop, ms"
READY_KILLED = "open with 100 audiences, after a kill, ms"
# What a row of `busy` says, its key there, and what it is divided by.
BUSY = [
    ("typed calls at once, 100 audiences, thousand/s", "fastest_per_s", 1_000),
    ("meanwhile at half of that: test p99, µs", "test_p99_us", 1),
    ("meanwhile: Q3 p50, ms", "question_ms", 1),
    ("meanwhile: Q3 p99, ms", "question_p99_ms", 1),
    ("meanwhile: commit p99, ms", "commit_p99_ms", 1),
    ("meanwhile: longest commit, ms", "commit_max_ms", 1),
]
PEAK_LOAD, PEAK_ASK, PEAK_REFRESH = (
    f"peak memory of {phase}, MiB" for phase in ("loading", "asking", "refreshing")
)
ROWS = [
    LOAD, LOAD_PARQUET, LOAD_HARD, BYTES, BYTES_IN_MEMORY, BYTES_HARD, MAKE, REFRESH, SINGLE,
    SINGLE_DURABLE, OPEN, READY, READY_KILLED, *(name for name, _, _ in BUSY),
    PEAK_LOAD, PEAK_ASK, PEAK_REFRESH,
]


class Told:
    def __init__(self, given, name, processes):
        self.given, self.name, self.processes = given, name, processes
        self.answers, self.versions = Answers(), {}
        # Rows of the second table, each with the values by system.
        self.rows = {}
        self.cold, self.standing, self.counts = {}, {}, {}
        # Bytes a second that all cores together read from memory.
        self.bandwidth = None
        self.problems, self.skipped, self.notes = [], [], []
        self.results = given.scratch / "results"
        self.results.mkdir(parents=True, exist_ok=True)
        self.log = self.results / f"{name}.jsonl"
        self.log.unlink(missing_ok=True)

    # Taking notes.

    def heard(self, system, phase, ran):
        """Everything that a process said goes to a file; what went wrong is told."""
        if ran.error and phase != "version":
            self.problems.append(f"{system}, {phase}: {table.said_shortly(ran.error)}")
            say(f"{system}, {phase}: {ran.error}")
        said = {"system": system, "phase": phase, **vars(ran)}
        with open(self.log, "a") as log:
            log.write(json.dumps(said) + "\n")

    def note(self, row, system, value):
        self.rows.setdefault(row, {})[system] = value

    def skip(self, peer, why):
        self.skipped.append(f"{PEERS[peer]} is skipped: {why}.")
        say(self.skipped[-1])

    def loaded(self, row, said, n_events):
        parts = sorted(said["bytes"].items(), key=lambda part: -part[1])
        parts = ", ".join(f"{name} {size / n_events:.1f}" for name, size in parts if size > n_events / 10)
        rate = (said["accepted"] + said["duplicates"]) / said["seconds"]
        self.notes.append(
            f"Throng, {row}: {said['accepted']:,} calls at {rate:,.0f}/s, {said['duplicates']:,} "
            f"more that came twice, {said['refused']:,} refused; {said['acknowledged_seconds']:.2f} s "
            f"to the last acknowledgement; bytes an event: {parts}; "
            f"without ids {said['run_bytes_without_ids']} in runs and "
            f"{said['log_bytes_without_ids']} in the log."
        )
        if said["refused"]:
            self.problems.append(f"throng, {row}: {said['refused']} calls were refused")

    def stood(self, ran):
        rows = ran.of("standing")
        self.answers.take("throng standing", rows)
        self.standing = {row["id"]: row for row in rows if "error" not in row}

    def refreshed(self, system, rows):
        self.counts[system] = {row["batch"]: (row["now_ms"], row["counts"]) for row in rows}

    def verified(self, differences):
        self.notes.append(f"Audiences proved person by person: {differences} differences.")
        if differences:
            self.problems.append(f"throng, verify: {differences} differences")

    # Comparing.

    def compare_recorded(self):
        file = HERE / "expected" / f"{self.name}.csv"
        if self.given.record and not self.answers.disagreements():
            said = {id_: next(iter(said.values())) for id_, said in self.answers.members.items()}
            lines = [f"{id_},{count},{checksum}" for id_, (count, checksum) in said.items()]
            file.write_text("\n".join(["query,count,checksum", *lines]) + "\n")
        if not file.exists():
            return self.notes.append(f"No answers are recorded for {self.name}.")
        for line in file.read_text().splitlines()[1:]:
            id_, count, checksum = line.split(",")
            self.answers.members.setdefault(id_, {})["recorded"] = (int(count), int(checksum))

    def compare_refreshed(self):
        """The sizes of the hundred audiences after each batch, at one instant."""
        (first, own), *others = list(self.counts.items()) or [("", {})]
        for system, batches in others:
            for batch in batches.keys() & own.keys():
                (at, sizes), (own_at, own_sizes) = batches[batch], own[batch]
                wrong = [name for name, size in sizes.items() if own_sizes.get(name) != size]
                shown = ", ".join(f"{n} {sizes[n]} not {own_sizes.get(n)}" for n in wrong[:5])
                if at != own_at:
                    self.problems.append(f"batch {batch}: {system} at {at}, {first} at {own_at}")
                if wrong:
                    self.problems.append(
                        f"batch {batch}: {len(wrong)} of 100 audiences of {system} have not the "
                        f"size of {first}'s: {shown}"
                    )
        if others:
            n_batches = len(own)
            self.notes.append(
                f"Sizes of the 100 audiences after each of {n_batches} batches: "
                f"{', '.join(self.counts)} compared."
            )

    # Telling.

    def tell(self, peers):
        """Prints it all; whether everybody agreed and nothing failed."""
        self.compare_recorded()
        self.compare_refreshed()
        text = "\n\n".join([self.heading(), *self.tables(peers), self.verdict()]) + "\n"
        print(text)
        (self.results / f"{self.name}.md").write_text(text)
        return self.is_right()

    def is_right(self):
        return not (self.answers.disagreements() or self.answers.errors or self.problems)

    def heading(self):
        people, events, _, batch = SIZES[self.given.size]
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return "\n".join([
            f"Size {self.given.size}: {people:,} people, {events:,} events, batches of {batch:,}, "
            f"seed {self.given.seed}.",
            f"Machine: {machine()}.",
            f"Throng {commit()}; {versions or 'no peers'}; Python {platform.python_version()}.",
            f"Command: `{shlex.join(sys.argv)}`.",
            f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC; "
            f"others took up to {self.processes.busiest:.0%} of the machine during a phase.",
        ])

    def tables(self, peers):
        said = [(name, self.rows[name]) for name in ROWS if name in self.rows]
        rows = [(name, values.get("throng"), values) for name, values in said]
        thirteen = table.queries(self.answers, IDS, peers, self.cold, self.standing)
        read = [table.reading(self.answers, IDS, self.cold, self.bandwidth)] if self.bandwidth else []
        return thirteen, table.others(rows, peers), *read

    def verdict(self):
        lines = []
        if self.is_right():
            said = set.intersection(*(set(self.answers.members.get(id_, {})) for id_ in IDS))
            lines.append(f"Count and checksum of all 13 agree: {', '.join(sorted(said))}.")
        lines += [f"DIFFERENT: {line}" for line in self.answers.disagreements()]
        lines += [f"FAILED: {line}" for line in [*self.answers.errors, *self.problems]]
        return "\n".join(f"- {line}" for line in [*lines, *self.skipped, *self.notes])


def commit():
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return f"at {told.stdout.strip()}" if told.stdout.strip() else "at an unknown commit"


def machine():
    model = platform.machine()
    try:
        with open("/proc/cpuinfo") as about:
            names = (line.split(":", 1)[1].strip() for line in about if line.startswith("model name"))
            model = next(names, model)
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release()}"
    return f"{measure.CORES} cores of {model}, {memory:.0f} GiB, {system}"
