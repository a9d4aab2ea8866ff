"""ClickHouse, as chDB runs it inside a process: a MergeTree sorted by event and person."""

import chdb
from chdb import session

from .measure import CORES

VERSION = chdb.__version__
DIALECT = "clickhouse"

EVENTS = (
    "user_id Int64, ts Int64, event String, value Nullable(Int32), category Nullable(String), "
    "channel String, product_id Nullable(Int16)"
)
PROFILES = (
    "user_id Int64, email String, country String, city String, gender Nullable(String), "
    "age Nullable(Int16), plan String, signup_at Int64, email_opt_in Bool, loyalty_points Int32"
)


class Peer:
    def __init__(self, place):
        self.place = f"{place}/chdb"
        self.db = session.Session(self.place)
        self.run("CREATE DATABASE IF NOT EXISTS shop")
        self.run("USE shop")
        self.run(f"SET max_threads = {CORES}, max_insert_threads = {CORES}")

    def run(self, sql):
        return self.db.query(sql, "CSV")

    def load(self, data):
        self.run(
            "CREATE TABLE events (user_id Int64 CODEC(Delta, ZSTD(1)), ts Int64 CODEC(Delta, ZSTD(1)), "
            "event LowCardinality(String), value Nullable(Int32) CODEC(ZSTD(1)), "
            "category LowCardinality(Nullable(String)), channel LowCardinality(String), "
            "product_id Nullable(Int16)) ENGINE = MergeTree ORDER BY (event, user_id, ts)"
        )
        self.run(
            "CREATE TABLE profiles (user_id Int64, email String, country LowCardinality(String), "
            "city LowCardinality(String), gender LowCardinality(Nullable(String)), "
            "age Nullable(Int16), plan LowCardinality(String), signup_at Int64, email_opt_in UInt8, "
            "loyalty_points Int32) ENGINE = MergeTree ORDER BY user_id"
        )
        for table, columns in (("events", EVENTS), ("profiles", PROFILES)):
            file = f"file('{data}/{table}.parquet', Parquet, '{columns}')"
            self.run(f"INSERT INTO {table} SELECT * FROM {file}")
            self.run(f"OPTIMIZE TABLE {table} FINAL")

    def query(self, sql):
        lines = str(self.run(sql)).strip().split("\n")
        number = lambda text: None if text in ("\\N", "") else int(text)
        return [tuple(number(text) for text in line.split(",")) for line in lines]

    def insert_batch(self, data, batch):
        file = f"file('{data}/later.parquet', Parquet, '{EVENTS}, batch Int32')"
        self.run(f"INSERT INTO events SELECT * EXCEPT (batch) FROM {file} WHERE batch = {batch}")

    def n_bytes(self):
        """Of the parts that count; what was merged away lies beside for some minutes."""
        active = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'shop'"
        return self.query(active)[0][0]

    def close(self):
        self.db.close()
