"""What everybody said, checked against each other and laid out as one table."""

from dataclasses import dataclass, field

PEERS = {
    "duckdb": "DuckDB sorted", "duckdb_arrival": "DuckDB arrival", "chdb": "chDB",
    "sqlite": "SQLite", "polars": "Polars",
}


@dataclass
class Answers:
    """Of each query and system: count and checksum, or an error; and milliseconds."""

    members: dict = field(default_factory=dict)
    ms: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)

    def take(self, system, rows):
        for row in rows:
            if "error" in row:
                self.errors.append(f"{row['id']} {system}: {said_shortly(row['error'])}")
                continue
            self.members.setdefault(row["id"], {})[system] = (row["count"], int(row["checksum"]))
            if "ms" in row:
                self.ms[row["id"], system] = row["ms"]

    def disagreements(self):
        """Queries of which not everybody says the same, with who says what."""
        wrong = []
        for id_, said in self.members.items():
            if len(set(said.values())) > 1:
                each = "; ".join(f"{system} {n} ({sum_})" for system, (n, sum_) in said.items())
                wrong.append(f"{id_}: {each}")
        return wrong

    def best(self, id_):
        """The fastest peer and its time."""
        times = {peer: self.ms[id_, peer] for peer in PEERS if (id_, peer) in self.ms}
        return min(times.items(), key=lambda peer: peer[1], default=None)


def said_shortly(error):
    """The line of an error that says most: of a Python traceback the last, otherwise the first."""
    lines = error.strip().splitlines() or ["no reason given"]
    return lines[-1] if lines[0].startswith("Traceback") else lines[0]


def number(value, digits=2):
    if value is None:
        return "-"
    return f"{value:.{digits}f}" if value < 100 else f"{value:,.0f}"


def ratio(other, own):
    """How many times faster or smaller Throng is; below 1 it is the peer."""
    if not other or not own:
        return "-"
    times = other / own
    return f"{times:.3g}x" if times < 1_000 else f"{times:,.0f}x"


def laid_out(head, rows):
    """Markdown whose columns also line up for an eye."""
    rows = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths)] for row in rows]
    rule = ["-" * width for width in widths]
    return "\n".join("| " + " | ".join(row) + " |" for row in [padded[0], rule, *padded[1:]])


def queries(answers, ids, peers, cold, standing):
    """The table of the thirteen."""
    head = ["", "members", "standing µs", "test µs", "warm ms", "cold ms", "cold, opened, ms"]
    head += [f"{PEERS[peer]} ms" for peer in peers] + ["best peer", "ahead"]
    rows = []
    for id_ in ids:
        said = answers.members.get(id_, {})
        count = next(iter(said.values()), (None,))[0]
        warm, kept = answers.ms.get((id_, "throng")), standing.get(id_, {})
        opened, asked, _ = cold.get(id_, (None, None, None))
        whole = None if opened is None else opened + asked
        best = answers.best(id_)
        name, ms = best or ("-", None)
        rows.append(
            [id_, "-" if count is None else count]
            + [number(kept.get("count_us")), number(kept.get("test_us"))]
            + [number(warm), number(asked), number(whole)]
            + [number(answers.ms.get((id_, peer))) for peer in peers]
            + [PEERS.get(name, "-"), ratio(ms, warm)]
        )
    return laid_out(head, rows)


def reading(answers, ids, cold, bandwidth):
    """What each of the thirteen reads in memory, beside the time that its bytes alone take."""
    head = ["", "MiB that it reads", f"ms at {bandwidth / 1e9:.1f} GB/s", "warm ms", "times that"]
    rows = []
    for id_ in ids:
        *_, n_bytes = cold.get(id_, (None, None, None))
        warm = answers.ms.get((id_, "throng"))
        if n_bytes is None or warm is None:
            continue
        least = n_bytes / bandwidth * 1e3
        rows.append([id_, number(n_bytes / 2**20), number(least), number(warm), ratio(warm, least)])
    return laid_out(head, rows)


def others(rows, peers):
    """The table of everything else: rows of a name, Throng's value, and everybody's by
    system. Less is better in all of them."""
    head = ["", "Throng"] + [PEERS[peer] for peer in peers] + ["best peer", "ahead"]
    laid = []
    for name, own, values in rows:
        theirs = {peer: values[peer] for peer in peers if peer in values}
        best = min(theirs, key=theirs.get, default=None)
        ahead = ratio(theirs[best], own) if best else "-"
        numbers = [number(own)] + [number(theirs.get(peer)) for peer in peers]
        laid.append([name, *numbers, PEERS.get(best, "-"), ahead])
    return laid_out(head, laid)
