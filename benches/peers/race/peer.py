"""One phase of one peer, in a process of its own: `peer.py PEER PHASE DATA PLACE TIMES`.

Phases: `version`, `parquet` (DuckDB alone: the files that the others read), `calls` (loading
the NDJSON), `load` (loading the Parquet), `ask`, `refresh`, `single`.
A query that fails is a row with its error; the others go on.
"""

import importlib
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from race import audiences, measure, queries  # noqa: E402
from race.measure import emit  # noqa: E402

MODULES = {
    "duckdb": "duck", "duckdb_arrival": "duck", "chdb": "clickhouse", "sqlite": "lite",
    "polars": "frames",
}


class Phase:
    def __init__(self, peer, data, place, times):
        self.peer, self.data, self.place, self.times = peer, data, place, times
        self.meta = json.loads(Path(data, "meta.json").read_text())
        self.now = self.meta["now_ms"]
        self.module = importlib.import_module(f"race.{MODULES[peer]}")
        self.definitions, self.queries = queries.read()

    def opened(self):
        if self.peer == "polars":
            return self.module.Peer(self.data, self.now)
        if self.peer == "duckdb_arrival":
            return self.module.Peer(self.place, sorted_rows=False)
        return self.module.Peer(self.place)

    def version(self):
        emit("version", version=self.module.VERSION)

    def parquet(self):
        moments = self.module.write_parquet(self.data, self.meta)
        Path(self.data, "moments.json").write_text(json.dumps(moments))
        emit("parquet", moments=moments)

    def calls(self):
        self.loaded("calls", lambda db: db.load_calls(self.data, self.meta))

    def load(self):
        if self.peer == "polars":
            seconds, db = measure.timed(self.opened)
            return emit("load", seconds=seconds, bytes=db.n_bytes())
        self.loaded("load", lambda db: db.load(self.data))

    def loaded(self, row, load):
        begun = time.perf_counter()
        db = self.opened()
        load(db)
        n_bytes = db.n_bytes() if hasattr(db, "n_bytes") else None
        place = db.place
        db.close()
        seconds = time.perf_counter() - begun
        emit(row, seconds=seconds, bytes=n_bytes or measure.size_of(place))

    def ask(self):
        db = self.opened()
        texts = {}
        if self.peer != "polars":
            texts = queries.members(self.queries, self.module.DIALECT, self.now)
        for query in self.queries:
            try:
                self.ask_one(db, query.id, texts.get(query.id))
            except Exception as error:  # noqa: BLE001: whatever a peer throws is shown with its row
                emit("ask", id=query.id, error=f"{type(error).__name__}: {error}"[:400])

    def ask_one(self, db, id_, text):
        if text is None:
            count, checksum = db.check(id_)
            run = lambda: db.count(id_)
        else:
            count, checksum = db.query(queries.checked(id_, text))[0]
            timed = queries.counted(id_, text)
            run = lambda: db.query(timed)
        ms, least = measure.median_ms(run, self.times)
        emit("ask", id=id_, count=count, checksum=str(int(checksum or 0)), ms=ms, min_ms=least)

    def refresh(self):
        """New batches, and every audience again: by a statement each, and by one scan for
        those that it can answer with the others beside it."""
        db, all_of_them = self.opened(), audiences.hundred(self.module.DIALECT)
        moments = json.loads(Path(self.data, "moments.json").read_text())
        for batch in refreshed(len(moments)):
            inserted, _ = measure.timed(lambda: db.insert_batch(self.data, batch))
            now = moments[batch]
            again, sizes = measure.timed(lambda: [size(db, of, now) for of in all_of_them])
            shared, answers = measure.timed(lambda: by_one_scan(db, all_of_them, now))
            counts = {of.name: n for of, n in zip(all_of_them, sizes)}
            emit(
                "refresh", batch=batch, now_ms=now, insert_ms=inserted * 1e3, again_ms=again * 1e3,
                shared_ms=shared * 1e3, counts=counts,
                agrees=answers == counts,
            )
        db.close()

    def single(self):
        """One event, and for its person every audience again."""
        db, all_of_them = self.opened(), audiences.hundred(self.module.DIALECT)
        rows = self.later_rows(20 if self.peer.startswith("duckdb") else 40)
        if self.peer == "duckdb":
            db.query("CREATE INDEX profiles_by_person ON profiles (user_id)")
        took = {"insert": [], "again": [], "shared": []}
        agree = True
        for row in rows:
            person, now = row[0], row[1]
            took["insert"].append(measure.timed(lambda: db.insert_one(row))[0])
            again, sizes = measure.timed(lambda: [size(db, of, now, person) for of in all_of_them])
            shared, answers = measure.timed(lambda: by_one_scan(db, all_of_them, now, person))
            took["again"].append(again)
            took["shared"].append(shared)
            agree = agree and list(answers.values()) == sizes
        middle = {name: sorted(times)[len(times) // 2] * 1e6 for name, times in took.items()}
        emit("single", n=len(rows), agrees=agree, **{f"{name}_us": us for name, us in middle.items()})
        db.close()

    def later_rows(self, n):
        """The first events of the last batch."""
        import duckdb

        with duckdb.connect() as db:
            later = f"'{self.data}/later.parquet'"
            return db.execute(
                f"SELECT * EXCLUDE (batch) FROM {later} "
                f"WHERE batch = (SELECT max(batch) FROM {later}) ORDER BY ts LIMIT {n}"
            ).fetchall()


def refreshed(n_batches):
    """The batches that refresh the audiences; the last is left for single events."""
    return range(min(3, n_batches - 1))


def size(db, audience, now, person=None):
    return db.query(f"SELECT count(*) FROM ({audience.member_sql(now, person)}) AS people")[0][0]


def by_one_scan(db, all_of_them, now, person=None):
    """The same sizes by name, in the order of the audiences."""
    sizes = db.query(audiences.shared_sql(all_of_them, now, person))
    shared = iter(sizes[0])
    together = {of.name: int(next(shared)) for of in audiences.flags(all_of_them)}
    return {
        of.name: together[of.name] if of.name in together else size(db, of, now, person)
        for of in all_of_them
    }


if __name__ == "__main__":
    peer, phase, data, place, times = sys.argv[1:6]
    getattr(Phase(peer, data, place, int(times)), phase)()
