"""Reads `queries.md`: thirteen audiences, each in English and in every language."""

import re
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parent.parent / "queries.md"
DAY_MS = 86_400_000
HASH = "((user_id * 2654435761) % 4294967296)"


@dataclass
class Query:
    """A section of the page: its blocks by language and purpose."""

    id: str
    title: str
    blocks: dict = field(default_factory=dict)

    def sql(self, dialect):
        """The text for a dialect; the common one where it has none of its own."""
        return (self.blocks.get(f"sql {dialect}") or self.blocks["sql"])[0]

    @property
    def parts(self):
        """WhoQL: people with what each of them weighs; several where a query has parts."""
        kinds = ((re.fullmatch(r"who( \d+)?", kind), texts) for kind, texts in self.blocks.items())
        return [
            (int(kind[1] or 1), text) for kind, texts in kinds if kind for text in texts
        ]

    def listed(self):
        """WhoQL that lists the members."""
        own = self.blocks.get("who list")
        return own[0] if own else "; ".join(listed(weight, people) for weight, people in self.parts)

    def counted(self):
        """WhoQL that is timed."""
        own = self.blocks.get("who count")
        return own[0] if own else "; ".join(f"count {people}" for _, people in self.parts)

    def names(self):
        """Names of the standing audiences of the query, one for each part."""
        name = self.id.lower()
        if len(self.parts) == 1:
            return [name]
        return [f"{name}_{part}" for part in range(1, len(self.parts) + 1)]

    def standing(self):
        """What makes them, and what lists their members."""
        pairs = list(zip(self.names(), self.parts))
        create = "; ".join(f"create audience {name} is {people}" for name, (_, people) in pairs)
        members = (listed(weight, f"people in audience {name}") for name, (weight, _) in pairs)
        names, check = " ".join(self.names()), "; ".join(members)
        return {"id": self.id, "names": names, "create": create, "check": check}


def listed(weight, people):
    column = "" if weight == 1 else f", {weight}"
    return f"list user_id{column} of {people}"


def read():
    """What they need defined, and the queries in order."""
    definitions, queries, fence = "", [], None
    for line in PAGE.read_text().splitlines():
        if fence is None and line.startswith("## "):
            id_, title = line[3:].split(" · ")
            queries.append(Query(id_, title))
        elif fence is None and line.startswith("```"):
            fence, lines = line[3:], []
        elif fence is not None and line == "```":
            text = "\n".join(lines)
            if fence == "who define":
                definitions = text
            else:
                queries[-1].blocks.setdefault(fence, []).append(text)
            fence = None
        elif fence is not None:
            lines.append(line)
    return definitions, queries


def filled(text, now):
    """SQL with the numbers of an instant in it."""
    text = text.replace("{now}", str(now))
    return re.sub(r"\{(\d+) days?\}", lambda days: str(int(days[1]) * DAY_MS), text)


def members(queries, dialect, now):
    """SQL of the members of every query."""
    texts = {query.id: filled(query.sql(dialect), now) for query in queries}
    named = re.compile(r"\{(Q\d+)\}")
    return {id_: named.sub(lambda other: texts[other[1]], text) for id_, text in texts.items()}


def counted(id_, text):
    """What is timed: how many; for a funnel at each step, for quintiles in each cell."""
    if id_ == "Q8":
        steps = ", ".join(f"sum(CASE WHEN weight >= {n} THEN 1 ELSE 0 END)" for n in (1, 2, 3))
        return f"SELECT {steps} FROM ({text}) AS people"
    if id_ == "Q9":
        return f"SELECT weight, count(*) FROM ({text}) AS people GROUP BY weight"
    return f"SELECT count(*) FROM ({text}) AS people"


def checked(id_, text):
    """The members as two numbers: how many, and a sum over who they are."""
    if id_ in ("Q8", "Q9"):
        weighted = f"SELECT count(*), sum({HASH} * weight) FROM ({text}) AS people"
        return f"{weighted} WHERE weight > 0"
    return f"SELECT count(*), coalesce(sum({HASH}), 0) FROM ({text}) AS people"
