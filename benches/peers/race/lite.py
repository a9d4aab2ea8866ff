"""SQLite with the indexes that these questions ask for. It reads the Parquet through DuckDB."""

import sqlite3

import duckdb

VERSION = sqlite3.sqlite_version
DIALECT = "sqlite"

PRAGMAS = (
    "journal_mode = WAL", "synchronous = NORMAL", "cache_size = -4000000", "mmap_size = 8000000000",
    "temp_store = MEMORY", "threads = 2",
)
INDEXES = (
    "CREATE INDEX events_by_person ON events (user_id, ts)",
    "CREATE INDEX events_by_kind ON events (event, ts, user_id, value, category)",
    "CREATE INDEX profiles_by_place ON profiles (country, plan)",
    "CREATE INDEX profiles_by_age ON profiles (age)",
)
AT_ONCE = 200_000


class Peer:
    def __init__(self, place):
        self.place = f"{place}/shop.sqlite"
        self.db = sqlite3.connect(self.place, isolation_level=None)
        for pragma in PRAGMAS:
            self.db.execute(f"PRAGMA {pragma}")

    def load(self, data):
        self.db.execute(
            "CREATE TABLE events (user_id INTEGER, ts INTEGER, event TEXT, value INTEGER, "
            "category TEXT, channel TEXT, product_id INTEGER)"
        )
        self.db.execute(
            "CREATE TABLE profiles (user_id INTEGER PRIMARY KEY, email TEXT, country TEXT, city TEXT, "
            "gender TEXT, age INTEGER, plan TEXT, signup_at INTEGER, email_opt_in INTEGER, "
            "loyalty_points INTEGER)"
        )
        for table in ("events", "profiles"):
            self.insert(table, f"FROM '{data}/{table}.parquet'")
        for index in INDEXES:
            self.db.execute(index)
        self.db.execute("ANALYZE")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def insert(self, table, rows):
        with duckdb.connect() as reader:
            read = reader.execute(rows)
            places = ", ".join("?" for _ in read.description)
            while batch := read.fetchmany(AT_ONCE):
                self.db.execute("BEGIN")
                self.db.executemany(f"INSERT INTO {table} VALUES ({places})", batch)
                self.db.execute("COMMIT")

    def query(self, sql):
        return self.db.execute(sql).fetchall()

    def insert_batch(self, data, batch):
        rows = f"SELECT * EXCLUDE (batch) FROM '{data}/later.parquet' WHERE batch = {batch}"
        self.insert("events", rows)

    def insert_one(self, row):
        self.db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def close(self):
        self.db.close()
