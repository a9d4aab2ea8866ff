"""What ask.py does, in Spark: a line of JSON for each line of JSON."""

import json
import os
import sys
import time

from cells import text
from pyspark.sql import SparkSession

SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
}


def rows(session, sql, directory):
    # The session's own directory is that of its start.
    sql = sql.replace("parquet.`", f"parquet.`{directory}/")
    return [[None if cell is None else text(cell) for cell in row] for row in session.sql(sql).collect()]


def answer(session, sql, directory):
    try:
        return rows(session, sql, directory)
    except Exception as error:
        return str(error)[:1500]


def main():
    os.environ["TZ"] = "UTC"
    time.tzset()
    builder = SparkSession.builder.master("local[1]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    for line in sys.stdin:
        asked = json.loads(line)
        answers = [answer(session, sql, asked["directory"]) for sql in asked["statements"]]
        print(json.dumps(answers), flush=True)


main()
