"""Polars: two frames in memory, and each of the thirteen as a lazy plan."""

import os

os.environ.setdefault("POLARS_MAX_THREADS", str(os.cpu_count() or 1))

import polars as pl
from polars import col

VERSION = pl.__version__
DAY_MS = 86_400_000
ORDER, VIEW, ADD, OPEN = "Order Completed", "Product Viewed", "Product Added", "Email Opened"


class Peer:
    """The frames, and the instant of every question."""

    def __init__(self, data, now):
        text = pl.Categorical
        self.events = pl.read_parquet(f"{data}/events.parquet").with_columns(
            col("user_id").cast(pl.Int64), col("event").cast(text), col("category").cast(text),
            col("channel").cast(text),
        )
        self.profiles = pl.read_parquet(f"{data}/profiles.parquet").with_columns(
            col("user_id").cast(pl.Int64), col("country").cast(text), col("plan").cast(text)
        )
        self.now = now

    def n_bytes(self):
        return self.events.estimated_size() + self.profiles.estimated_size()

    def rows(self, days, *kinds):
        """Events of some kinds and of some days, or of all time."""
        some = pl.any_horizontal([col("event") == kind for kind in kinds])
        upto = self.events.lazy().filter(col("ts") <= self.now)
        if days is None:
            return upto.filter(some)
        return upto.filter(col("ts") > self.ago(days)).filter(some)

    def ago(self, days):
        return self.now - days * DAY_MS

    def q1(self):
        place = (col("country") == "DK") & (col("plan") == "premium")
        return self.profiles.lazy().filter(place).select("user_id")

    def q2(self):
        return self.profiles.lazy().filter(col("age").is_between(30, 39)).select("user_id")

    def q3(self):
        bought = by_person(self.rows(90, ORDER), pl.len().alias("n"))
        return bought.filter(col("n") >= 2).select("user_id")

    def q4(self):
        spent = by_person(self.rows(365, ORDER), col("value").sum().alias("cents"))
        return spent.filter(col("cents") > 40_000).select("user_id")

    def q5(self):
        readers = self.rows(30, OPEN).select("user_id").unique()
        return readers.join(self.rows(30, ORDER).select("user_id"), on="user_id", how="anti")

    def q6(self):
        last = by_person(self.rows(180, ORDER), col("ts").max().alias("last"))
        return last.filter(col("last") <= self.ago(60)).select("user_id")

    def q7(self):
        rows = self.rows(30, VIEW, ADD, ORDER).select("user_id", "ts", "event")
        first_view = by_person(rows.filter(col("event") == VIEW), col("ts").min().alias("first_view"))
        orders = rows.filter(col("event") == ORDER)
        orders = orders.select("user_id", "ts", col("ts").alias("ordered")).sort("ts")
        added = rows.filter(col("event") == ADD).select("user_id", "ts")
        added = added.join(first_view, on="user_id").filter(
            (col("first_view") <= col("ts")) & (col("ts") <= self.ago(3))
        )
        within = added.sort("ts").join_asof(
            orders, on="ts", by="user_id", strategy="forward", tolerance=3 * DAY_MS - 1,
            check_sortedness=False,
        )
        return within.filter(col("ordered").is_null()).select("user_id").unique()

    def q8(self):
        rows = self.rows(90, VIEW, ADD, ORDER).select("user_id", "ts", "event").sort("user_id", "ts")
        is_view, is_add, is_order = (col("event") == kind for kind in (VIEW, ADD, ORDER))
        latest = lambda what: what.forward_fill().over("user_id")
        rows = rows.with_columns(latest(pl.when(is_view).then(col("ts"))).alias("viewed"))
        rows = rows.with_columns(latest(pl.when(is_add).then(col("viewed"))).alias("added"))
        a_week_ago = col("ts") - 7 * DAY_MS
        step = (
            pl.when(is_view).then(1)
            .when(is_add & (col("viewed") > a_week_ago)).then(2)
            .when(is_order & (col("added") > a_week_ago)).then(3)
            .otherwise(0)
        )
        return by_person(rows, step.max().alias("weight"))

    def q9(self):
        buyers = by_person(
            self.rows(None, ORDER),
            col("ts").max().alias("r"), pl.len().alias("f"), col("value").sum().alias("m"),
        )
        n = pl.len().cast(pl.Int64)
        quintile = lambda name: 1 + 5 * (col(name).rank("min").cast(pl.Int64) - 1) // n
        weight = 100 * quintile("r") + 10 * quintile("f") + quintile("m")
        return buyers.select("user_id", weight.alias("weight"))

    def q10(self):
        either = [self.q3().join(self.q1(), on="user_id", how="semi"), self.q4()]
        return pl.concat(either).unique().join(self.q5(), on="user_id", how="anti")

    def q11(self):
        dear = (col("category") == "shoes") & (col("value") > 5_000)
        bought = by_person(self.rows(180, ORDER).filter(dear), pl.len().alias("n"))
        return bought.filter(col("n") >= 2).select("user_id")

    def q12(self):
        first = by_person(self.rows(None, ORDER), col("ts").min().alias("first"))
        return first.filter(col("first") > self.ago(30)).select("user_id")

    def q13(self):
        points = pl.when(col("event") == VIEW).then(1).when(col("event") == ADD).then(3).otherwise(10)
        scores = (
            self.rows(365, VIEW, ADD, ORDER)
            .group_by("user_id", "category").agg(points.sum().alias("score"))
            .with_columns(col("category").cast(pl.String))
        )
        best = scores.filter(col("score") == col("score").max().over("user_id"))
        return by_person(best, col("category").min().alias("best")).filter(
            col("best") == "shoes"
        ).select("user_id")

    def members(self, id_):
        return getattr(self, id_.lower())()

    def count(self, id_):
        """What is timed, as `queries.counted` has it for SQL."""
        people = self.members(id_)
        if id_ == "Q8":
            steps = [(col("weight") >= n).sum().alias(str(n)) for n in (1, 2, 3)]
            return people.select(steps).collect()
        if id_ == "Q9":
            return people.group_by("weight").len().collect()
        return people.select(pl.len()).collect()

    def check(self, id_):
        people = self.members(id_).collect()
        hashed = col("user_id") * 2_654_435_761 % 4_294_967_296
        if "weight" in people.columns:
            people = people.filter(col("weight") > 0)
            hashed = hashed * col("weight").cast(pl.Int64)
        return people.height, int(people.select(hashed.sum()).item() or 0)


def by_person(rows, *values):
    return rows.group_by("user_id").agg(*values)
