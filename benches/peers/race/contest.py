"""The race itself: Throng, then each peer, phase by phase, and what they say is noted."""

import os
import shutil

from . import prepare, table
from .prepare import HERE, SIZES, say
from .processes import Processes
from .throng import Throng
from .told import (
    BUSY, BYTES, BYTES_HARD, BYTES_IN_MEMORY, LOAD, LOAD_HARD, LOAD_PARQUET, MAKE, OPEN, PEAK_ASK,
    PEAK_LOAD, PEAK_REFRESH, READY, READY_KILLED, REFRESH, SINGLE, SINGLE_DURABLE, Told,
)


class Contest:
    def __init__(self, given):
        self.given, self.processes = given, Processes()
        name = f"{given.size}-{given.seed}"
        self.data, self.place = given.scratch / "data" / name, given.scratch / "db" / name
        self.hard_data = self.data.with_name(f"{name}-hard")
        self.told = Told(given, name, self.processes)
        self.n_events = SIZES[given.size][1]

    def run(self):
        self.driver = prepare.driver(self.given.driver)
        shutil.rmtree(self.place, ignore_errors=True)
        for directory in (self.data.parent, self.place):
            directory.mkdir(parents=True, exist_ok=True)
        self.shop(self.data, {})
        peers = self.peers()
        self.throng()
        for peer in peers:
            say(table.PEERS[peer])
            self.peer(peer)
        if not self.given.no_hard:
            self.shop(self.hard_data, prepare.HARD)
            self.hard("duckdb" in peers)
        return self.told.tell(peers)

    def clean(self):
        self.processes.kill_all()
        if not self.given.keep:
            shutil.rmtree(self.place, ignore_errors=True)

    def shop(self, data, more):
        size, seed = self.given.size, self.given.seed
        prepare.shop(self.processes, self.driver, size, seed, data, more)

    def peers(self):
        """Those that were asked for and can race."""
        if not self.given.peers:
            return []
        python = prepare.Python(self.given.scratch, not self.given.no_install)
        self.python, peers = python.program, []
        for peer in self.given.peers:
            lacks = python.lacks(peer)
            version = None if lacks else self.phase(peer, "version").first("version")
            if version is None:
                self.told.skip(peer, lacks or "it does not start")
                continue
            self.told.versions[table.PEERS[peer]] = version["version"]
            peers.append(peer)
        if (self.data / "moments.json").exists():
            return peers
        say("DuckDB: the NDJSON becomes Parquet, once")
        if python.lacks("duckdb") is None and not self.phase("duckdb", "parquet").error:
            return peers
        for peer in peers:
            self.told.skip(peer, "DuckDB could not write the Parquet that peers read")
        return []

    def phase(self, peer, phase, data=None):
        """One phase of one peer; what goes wrong is kept and shown."""
        words = [self.python, HERE / "race" / "peer.py", peer, phase, data or self.data]
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        ran = self.processes.run([*words, self.place, self.given.times], env=env)
        self.told.heard(peer, phase, ran)
        return ran

    # Throng.

    def throng(self):
        own = self.own(self.data, self.place)
        if not self.load(own, LOAD, BYTES):
            return
        say("Throng: ad hoc, warm")
        ask = self.heard("ask", own.ask())
        self.told.answers.take("throng", ask.of("ask"))
        self.told.note(PEAK_ASK, "throng", ask.peak_bytes / 2**20)
        say("Throng: ad hoc, cold")
        self.told.cold, dropped, errors = own.cold(self.given.cold_times)
        self.told.problems += errors
        if not dropped:
            self.told.notes.append("The page cache could not be dropped: `cold` read from it.")
        opened = sorted(opened for opened, *_ in self.told.cold.values())
        if opened:
            self.told.note(OPEN, "throng", opened[len(opened) // 2])
        if row := self.heard("bandwidth", own.bandwidth()).first("bandwidth"):
            self.told.bandwidth = row["bytes_per_s"]
        copy = own.copy()
        self.changes(copy)
        self.openings(copy)
        self.busy(copy)
        shutil.rmtree(copy.place, ignore_errors=True)
        say("Throng: standing")
        self.told.stood(self.heard("standing", own.standing()))

    def own(self, data, place):
        place.mkdir(parents=True, exist_ok=True)
        memory = self.given.memory * 2**20 if self.given.memory else None
        return Throng(self.driver, self.processes, data, place, self.given.times, memory)

    def heard(self, phase, ran):
        self.told.heard("throng", phase, ran)
        return ran

    def load(self, own, row, bytes_row):
        say("Throng: load")
        load = self.heard(row, own.load())
        said = load.first("load")
        if said is None:
            return False
        self.told.note(row, "throng", said["seconds"])
        # What is kept aside for a full disk holds nothing.
        kept = sum(size for name, size in said["bytes"].items() if name != "RESERVE")
        self.told.note(bytes_row, "throng", kept / self.n_events)
        if row == LOAD:
            self.told.note(PEAK_LOAD, "throng", load.peak_bytes / 2**20)
        self.told.loaded(row, said, self.n_events)
        return True

    def changes(self, own):
        say("Throng: refresh")
        refresh = self.heard("refresh", own.refresh(self.given.verify))
        self.told.refreshed("throng", refresh.of("refresh"))
        if batches := refresh.of("refresh"):
            self.told.note(REFRESH, "throng", middle(batches, "ms"))
        if made := refresh.first("audiences"):
            self.told.note(MAKE, "throng", made["ms"] / 1e3)
        if verified := refresh.first("verified"):
            self.told.verified(verified["differences"])
        self.told.note(PEAK_REFRESH, "throng", refresh.peak_bytes / 2**20)
        say("Throng: one event")
        for relaxed, name in ((False, SINGLE_DURABLE), (True, SINGLE)):
            single = self.heard(name, own.single(relaxed)).first("single")
            if single:
                self.told.note(name, "throng", single["us"])
                self.told.notes.append(
                    f"Throng, {name}: p99 {single['p99_us']:,.0f} of {single['n']}."
                )

    def busy(self, own):
        say("Throng: busy")
        if row := self.heard("busy", own.busy()).first("busy"):
            for name, key, unit in BUSY:
                self.told.note(name, "throng", row[key] / unit)

    def openings(self, own):
        say("Throng: open")
        if row := self.heard("ready", own.ready()).first("ready"):
            self.told.note(READY, "throng", row["ms"])
        held, again = own.ready_after_kill()
        row = self.heard("ready after a kill", again).first("ready")
        if not row or not held:
            return
        self.told.note(READY_KILLED, "throng", row["ms"])
        if row["counts"] != held["counts"]:
            self.told.problems.append("throng: after the kill audiences are not as before it")

    def hard(self, with_duckdb):
        """Late, double and reordered calls, with full context; the answers are the same."""
        own = self.own(self.hard_data, self.place / "hard")
        if self.load(own, LOAD_HARD, BYTES_HARD):
            ask = self.heard("hard: ask", own.ask())
            self.told.answers.take("throng hard", ask.of("ask"))
        shutil.rmtree(own.place, ignore_errors=True)
        if with_duckdb:
            for file in self.place.glob("sorted.duckdb*"):
                file.unlink()
            if row := self.phase("duckdb", "calls", self.hard_data).first("calls"):
                self.told.note(LOAD_HARD, "duckdb", row["seconds"])
                ask = self.phase("duckdb", "ask", self.hard_data)
                self.told.answers.take("duckdb hard", ask.of("ask"))

    # The peers.

    def peer(self, peer):
        loads = ("calls", LOAD) if peer == "duckdb" else ("load", LOAD_PARQUET)
        load = self.phase(peer, loads[0])
        if row := load.first(loads[0]):
            self.told.note(loads[1], peer, row["seconds"])
            bytes_row = BYTES_IN_MEMORY if peer == "polars" else BYTES
            self.told.note(bytes_row, peer, row["bytes"] / self.n_events)
            self.told.note(PEAK_LOAD, peer, load.peak_bytes / 2**20)
        ask = self.phase(peer, "ask")
        self.told.answers.take(peer, ask.of("ask"))
        self.told.note(PEAK_ASK, peer, ask.peak_bytes / 2**20)
        if peer in ("duckdb", "chdb", "sqlite"):
            self.refresh(peer)
        if peer in ("duckdb", "sqlite"):
            self.single(peer)

    def refresh(self, peer):
        ran = self.phase(peer, "refresh")
        rows = ran.of("refresh")
        if not rows:
            return
        best = min(middle(rows, "again_ms"), middle(rows, "shared_ms"))
        self.told.note(REFRESH, peer, middle(rows, "insert_ms") + best)
        self.told.note(PEAK_REFRESH, peer, ran.peak_bytes / 2**20)
        self.told.refreshed(peer, rows)
        if not all(row["agrees"] for row in rows):
            self.told.problems.append(f"{peer}, refresh: one scan and the statements disagree")

    def single(self, peer):
        row = self.phase(peer, "single").first("single")
        if not row:
            return
        best = min(row["again_us"], row["shared_us"])
        self.told.note(SINGLE, peer, row["insert_us"] + best)
        if not row["agrees"]:
            self.told.problems.append(f"{peer}, single: one scan and the statements disagree")


def middle(rows, name):
    values = sorted(row[name] for row in rows)
    return values[len(values) // 2]
