"""Throng's side: the driver is built once and run, a process for each measurement."""

import copy
import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

from . import audiences, measure, queries


class Throng:
    def __init__(self, driver, processes, data, place, times, memory):
        self.driver, self.processes, self.times = driver, processes, times
        self.data, self.place, self.memory = Path(data), Path(place, "throng"), memory
        self.meta = json.loads((self.data / "meta.json").read_text())
        self.now = self.meta["now_ms"]
        self.definitions, self.queries = queries.read()
        self.questions = Path(place, "questions.json")
        self.standing_file = Path(place, "standing.json")
        self.hundred_file = Path(place, "hundred.who")
        self.definitions_file = Path(place, "definitions.who")
        self.write_files()

    def write_files(self):
        questions = [{"id": q.id, "check": q.listed(), "timed": q.counted()} for q in self.queries]
        standing = [query.standing() for query in self.queries]
        self.questions.write_text(json.dumps(questions))
        self.standing_file.write_text(json.dumps(standing))
        self.hundred_file.write_text(audiences.created())
        self.definitions_file.write_text(self.definitions)

    def run(self, command, **options):
        words = [self.driver, command, "--data", self.place]
        if self.memory:
            words += ["--memory", self.memory]
        for name, value in options.items():
            words += [f"--{name}", value]
        return self.processes.run(words)

    def load(self):
        shutil.rmtree(self.place, ignore_errors=True)
        events = self.data / "events.ndjson"
        return self.run("load", events=events, definitions=self.definitions_file)

    def ask(self):
        return self.run("ask", questions=self.questions, now=self.now, times=self.times)

    def cold(self, times):
        """Each query as the first of a process, the files' pages dropped before: medians of
        the opening, of the question and of the bytes in memory that it came to read; whether
        pages could be dropped; what failed."""
        rows, dropped, errors = {}, True, []
        for query in self.queries:
            opened, asked, read = [], [], []
            for _ in range(times):
                dropped = measure.drop_cache(self.place) and dropped
                ran = self.run("cold", questions=self.questions, now=self.now, id=query.id)
                row = ran.first("cold")
                if row is None:
                    errors.append(f"throng, cold {query.id}: {ran.error}")
                    break
                opened.append(row["open_ms"])
                asked.append(row["ms"])
                read.append(row["read_bytes"])
            if asked:
                rows[query.id] = tuple(map(statistics.median, (opened, asked, read)))
        return rows, dropped, errors

    def bandwidth(self):
        return self.processes.run([self.driver, "bandwidth"])

    def standing(self):
        people = self.meta["people"]
        return self.run("standing", audiences=self.standing_file, now=self.now, people=people)

    def batch(self, n):
        return self.data / "later" / f"{n}.ndjson"

    def refresh(self, verify):
        n = min(3, self.meta["batches"] - 1)
        batches = ",".join(str(self.batch(batch)) for batch in range(n))
        return self.run(
            "refresh", audiences=self.hundred_file, batches=batches, now=self.now, verify=int(verify)
        )

    def copy(self):
        """The same over a copy of the database."""
        other = copy.copy(self)
        other.place = self.place.with_name("throng-copy")
        shutil.rmtree(other.place, ignore_errors=True)
        shutil.copytree(self.place, other.place)
        # What is measured next waits for its own writing, not for this.
        os.sync()
        return other

    def single(self, relaxed):
        """The first calls of the last batch; relaxed, the next ones."""
        events, times = self.batch(self.meta["batches"] - 1), min(500, self.meta["batch_size"] // 4)
        skip = times if relaxed else 0
        return self.run("single", events=events, times=times, skip=skip, relaxed=int(relaxed))

    def busy(self):
        """The calls of the last batch again and again, with readers beside them."""
        return self.run(
            "busy", events=self.batch(self.meta["batches"] - 1), questions=self.questions,
            id="Q3", audience="a50", people=self.meta["people"],
        )

    def ready(self):
        measure.drop_cache(self.place)
        return self.run("ready")

    def ready_after_kill(self):
        """A process that has taken a batch in is killed as it stands."""
        events = self.batch(self.meta["batches"] - 1)
        command = [self.driver, "hold", "--data", self.place, "--events", events]
        process = self.processes.start(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        line = process.stdout.readline()
        self.processes.kill(process)
        process.wait()
        self.processes.running.discard(process)
        held = json.loads(line) if line.strip() else None
        return held, self.ready()
