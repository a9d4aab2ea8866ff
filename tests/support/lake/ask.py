"""Reads lines of JSON, each with a directory and statements, and answers a line of JSON for each.

A statement is run in DuckDB beside the files of the directory; its answer is a
list of rows, or a text that says what went wrong.
"""

import json
import os
import sys

import duckdb

from cells import text


def answer(connection, sql):
    try:
        rows = connection.execute(sql).fetchall()
        return [[None if cell is None else text(cell) for cell in row] for row in rows]
    except Exception as error:
        return str(error)


def main():
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    for line in sys.stdin:
        asked = json.loads(line)
        os.chdir(asked["directory"])
        answers = [answer(connection, sql) for sql in asked["statements"]]
        print(json.dumps(answers), flush=True)


main()
