"""DuckDB: reads the calls, writes the Parquet that the others read, and races twice, with
its rows sorted by person and as they came."""

import duckdb

from .audiences import CATEGORIES
from .measure import CORES

VERSION = duckdb.__version__
DIALECT = "duckdb"

KINDS = [
    "Page Viewed", "Product Viewed", "Product Added", "Order Completed", "Order Refunded",
    "Email Opened", "Email Clicked", "Subscription Started", "Subscription Renewed",
    "Subscription Expired", "Product Removed", "Checkout Started",
]
CHANNELS = ["app", "email", "store", "web"]

CALLS = """
    SELECT * FROM read_json('{file}', format = 'newline_delimited', columns = {{
        type: 'VARCHAR', messageId: 'VARCHAR', userId: 'VARCHAR', anonymousId: 'VARCHAR',
        timestamp: 'TIMESTAMP', channel: 'VARCHAR', event: 'VARCHAR',
        properties: 'STRUCT(category VARCHAR, price DOUBLE, revenue DOUBLE, product_id VARCHAR,
                            products STRUCT(product_id VARCHAR, category VARCHAR)[])',
        traits: 'STRUCT(email VARCHAR, country VARCHAR, city VARCHAR, gender VARCHAR,
                        age SMALLINT, plan VARCHAR, signup_at TIMESTAMP, email_opt_in BOOLEAN,
                        loyalty_points INTEGER)'
    }})
"""

# A visitor's events become those of the person who was identified with the visit.
VISITORS = """
    SELECT DISTINCT anonymousId AS visitor, substr(userId, 2)::BIGINT AS person
    FROM calls WHERE type = 'identify' AND anonymousId IS NOT NULL
"""

EVENTS = """
    SELECT
        coalesce(substr(userId, 2)::BIGINT, person) AS user_id,
        epoch_ms(timestamp) AS ts,
        event,
        round(100 * coalesce(properties.revenue, properties.price))::INTEGER AS value,
        coalesce(properties.category, properties.products[1].category) AS category,
        channel,
        substr(coalesce(properties.product_id, properties.products[1].product_id), 2)::SMALLINT
            AS product_id
    FROM calls LEFT JOIN visitors ON anonymousId = visitor
    WHERE type = 'track'
"""

# The latest value of each attribute; a call that does not name one leaves it as it is.
PROFILES = """
    SELECT substr(userId, 2)::BIGINT AS user_id,
        arg_max(traits.email, timestamp) AS email,
        arg_max(traits.country, timestamp) AS country,
        arg_max(traits.city, timestamp) AS city,
        arg_max(traits.gender, timestamp) AS gender,
        arg_max(traits.age, timestamp) AS age,
        arg_max(traits.plan, timestamp) AS plan,
        epoch_ms(arg_max(traits.signup_at, timestamp)) AS signup_at,
        arg_max(traits.email_opt_in, timestamp) AS email_opt_in,
        arg_max(traits.loyalty_points, timestamp) AS loyalty_points
    FROM calls WHERE type = 'identify' GROUP BY 1 ORDER BY 1
"""


def enum(values):
    return "ENUM(" + ", ".join(f"'{value}'" for value in values) + ")"


class Peer:
    """A database file. `sorted_rows` says in which order its rows lie."""

    def __init__(self, place, sorted_rows=True):
        self.place = f"{place}/{'sorted' if sorted_rows else 'arrival'}.duckdb"
        self.sorted = sorted_rows
        self.db = duckdb.connect(self.place)
        self.db.execute(f"SET threads = {CORES}; SET memory_limit = '8GB'")
        self.db.execute(f"SET temp_directory = '{place}/duckdb.tmp'")
        self.db.execute(f"SET preserve_insertion_order = {str(not sorted_rows).lower()}")

    def make(self):
        kinds, categories, channels = enum(KINDS), enum(CATEGORIES), enum(CHANNELS)
        self.db.execute(
            f"CREATE TABLE events (user_id BIGINT, ts BIGINT, event {kinds}, value INTEGER, "
            f"category {categories}, channel {channels}, product_id SMALLINT)"
        )

    def read_calls(self, data, repeats):
        """The calls as they came, each once."""
        once = "SELECT DISTINCT ON (messageId) * FROM" if repeats else "FROM"
        calls = CALLS.format(file=f"{data}/events.ndjson")
        self.db.execute(f"CREATE TEMP TABLE calls AS {once} ({calls})")
        self.db.execute(f"CREATE TEMP TABLE visitors AS {VISITORS}")

    def load_calls(self, data, meta):
        self.make()
        self.read_calls(data, meta["duplicates"] > 0)
        self.db.execute(f"INSERT INTO events {EVENTS} ORDER BY user_id, ts")
        self.db.execute(f"CREATE TABLE profiles AS {PROFILES}")
        self.db.execute("CHECKPOINT")

    def load(self, data):
        self.make()
        order = " ORDER BY user_id, ts" if self.sorted else ""
        self.db.execute(f"INSERT INTO events SELECT * FROM '{data}/events.parquet'{order}")
        self.db.execute(
            f"CREATE TABLE profiles AS SELECT * FROM '{data}/profiles.parquet' ORDER BY user_id"
        )
        self.db.execute("CHECKPOINT")

    def query(self, sql):
        return self.db.execute(sql).fetchall()

    def insert_batch(self, data, batch):
        self.db.execute(
            f"INSERT INTO events SELECT * EXCLUDE (batch) FROM '{data}/later.parquet' "
            f"WHERE batch = {batch}"
        )

    def insert_one(self, row):
        self.db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def close(self):
        self.db.close()


def write_parquet(data, meta):
    """`events.parquet` in order of arrival, `profiles.parquet`, and `later.parquet` with the
    number of the batch; and the instant at which each batch has come."""
    with duckdb.connect() as db:
        db.execute(f"SET threads = {CORES}; SET memory_limit = '8GB'")
        db.execute(f"SET temp_directory = '{data}/duckdb.tmp'")
        reader = Peer.__new__(Peer)
        reader.db = db
        reader.read_calls(data, meta["duplicates"] > 0)
        as_parquet = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        db.execute(f"COPY ({EVENTS} ORDER BY timestamp) TO '{data}/events.parquet' {as_parquet}")
        db.execute(f"COPY ({PROFILES}) TO '{data}/profiles.parquet' {as_parquet}")
        moments, now, parts = [], meta["now_ms"], []
        for batch in range(meta["batches"]):
            calls = CALLS.format(file=f"{data}/later/{batch}.ndjson")
            db.execute(f"CREATE OR REPLACE TEMP TABLE calls AS FROM ({calls})")
            db.execute(f"INSERT INTO visitors {VISITORS}")
            db.execute(f"CREATE TEMP TABLE later_{batch} AS SELECT *, {batch} AS batch FROM ({EVENTS})")
            latest = db.execute("SELECT max(epoch_ms(timestamp)) FROM calls").fetchone()[0]
            now = max(now, latest)
            moments.append(now)
            parts.append(f"FROM later_{batch}")
        if parts:
            later = " UNION ALL ".join(parts)
            db.execute(f"COPY ({later}) TO '{data}/later.parquet' {as_parquet}")
        return moments
