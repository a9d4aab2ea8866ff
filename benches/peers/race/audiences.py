"""A hundred standing audiences of ten kinds, in WhoQL and in SQL.

SQL has each in two forms. `member_sql` is a statement of its own that looks at as few
rows as it can. `flag` is a condition on all events of one person, so that one scan can
answer all of them; the kinds that need attributes alone, or an order of events, have none.
"""

from dataclasses import dataclass, replace
from typing import Optional

from . import queries
from .queries import DAY_MS

COUNTRIES = ["DK", "SE", "NO", "DE", "FI", "NL", "GB", "FR", "PL", "ES"]
PLANS = ["free", "basic", "premium"]
CATEGORIES = (
    "accessories bags beauty dresses electronics home jackets kids shirts shoes sports trousers"
).split()
ORDER = "Order Completed"
EVENTS = [ORDER, "Product Viewed", "Product Added", "Email Opened", "Email Clicked"]


@dataclass
class Audience:
    """One of them. In its SQL stand `{now}`, `{N days}`, and `{one}` where a statement
    can be bound to one person."""

    kind: str
    who: str
    sql: str
    flag: Optional[str] = None
    name: str = ""
    # Several conditions instead of one flag, and what stands about the person beside them.
    parts: tuple = ()
    place: str = ""

    def joined(self, names):
        """What is added up: a flag, or parts and attributes put together."""
        if not self.parts:
            return names[0]
        bought, spend, reads = names
        return (
            f"CASE WHEN (({bought} = 1 AND {self.place}) OR {spend} = 1) AND {reads} = 0 "
            f"THEN 1 ELSE 0 END"
        )

    def member_sql(self, now, person=None):
        one = "" if person is None else f" AND user_id = {person}"
        return queries.filled(self.sql.replace("{one}", one), now)


def since(days):
    return f"ts > {{now}} - {{{days} days}}"


def grouped(events, days, having):
    """People by their events of some days."""
    names = ", ".join(f"'{event}'" for event in events)
    window = f" AND {since(days)}" if days else ""
    return (
        f"SELECT user_id FROM events WHERE event IN ({names}){window} AND ts <= {{now}}{{one}} "
        f"GROUP BY user_id HAVING {having}"
    )


def n(event, days, more=""):
    """How many events of one name and some days, among all of a person."""
    return f"count(*) FILTER (WHERE event = '{event}' AND {since(days)}{more})"


def attribute(country, plan):
    who = f'people whose country = "{country}" and plan = "{plan}"'
    sql = f"SELECT user_id FROM profiles WHERE country = '{country}' AND plan = '{plan}'{{one}}"
    return Audience("attribute", who, sql)


def ages(least, most):
    who = f"people whose age between {least} and {most}"
    sql = f"SELECT user_id FROM profiles WHERE age BETWEEN {least} AND {most}{{one}}"
    return Audience("range", who, sql)


def often(event, days, least):
    who = f'people who did "{event}" at least {least} times in last {days} days'
    sql = grouped([event], days, f"count(*) >= {least}")
    return Audience("count", who, sql, f"{n(event, days)} >= {least}")


def spent(days, units):
    cents = 100 * units
    who = f'people whose sum("{ORDER}".revenue in last {days} days) > {units}'
    sql = grouped([ORDER], days, f"sum(value) > {cents}")
    flag = f"sum(value) FILTER (WHERE event = '{ORDER}' AND {since(days)}) > {cents}"
    return Audience("sum", who, sql, flag)


def without_order(event, days):
    who = f'people who did "{event}" in last {days} days and did not "{ORDER}" in last {days} days'
    having = f"max(CASE WHEN event = '{ORDER}' THEN 1 ELSE 0 END) = 0"
    flag = f"{n(event, days)} > 0 AND {n(ORDER, days)} = 0"
    return Audience("one without another", who, grouped([event, ORDER], days, having), flag)


def lapsing(from_days, to_days):
    """The last order lies so far back; with 0 simply in the last days."""
    who = f'people who did "{ORDER}" in last {from_days} days'
    if to_days:
        who = (
            f'people who did "{ORDER}" between {to_days} and {from_days} days ago '
            f'and did not "{ORDER}" in last {to_days} days'
        )
    edge = f"{{now}} - {{{to_days} days}}"
    last = f"max(ts) FILTER (WHERE event = '{ORDER}')"
    flag = f"{n(ORDER, from_days)} > 0 AND {last} <= {edge}"
    return Audience("recency", who, grouped([ORDER], from_days, f"max(ts) <= {edge}"), flag)


def filtered(category, days, units, least):
    cents = 100 * units
    who = (
        f'people whose count("{ORDER}".products where (category = "{category}" '
        f"and event.revenue > {units}) in last {days} days) >= {least}"
    )
    more = f" AND category = '{category}' AND value > {cents}"
    sql = (
        f"SELECT user_id FROM events WHERE event = '{ORDER}'{more} AND {since(days)} "
        f"AND ts <= {{now}}{{one}} GROUP BY user_id HAVING count(*) >= {least}"
    )
    return Audience("filter", who, sql, f"{n(ORDER, days, more)} >= {least}")


def new_customers(days):
    who = f'people whose first("{ORDER}".when) in last {days} days'
    sql = grouped([ORDER], None, f"min(ts) > {{now}} - {{{days} days}}")
    flag = f"min(ts) FILTER (WHERE event = '{ORDER}') > {{now}} - {{{days} days}}"
    return Audience("first", who, sql, flag)


def left_the_cart(days):
    who = (
        'people who did ("Product Viewed" then "Product Added" '
        f'then no "{ORDER}" within 3 days) in last {days} days'
    )
    return Audience("sequence", who, f"{days}")


def nested(country, plan, units):
    bought, spend = often(ORDER, 90, 2), spent(365, units)
    reads = without_order("Email Opened", 30)
    who = (
        f'people who ((did "{ORDER}" at least 2 times in last 90 days and country = "{country}" '
        f'and plan = "{plan}") or sum("{ORDER}".revenue in last 365 days) > {units}) and not '
        f'(did "Email Opened" in last 30 days and did not "{ORDER}" in last 30 days)'
    )
    place = f"country = '{country}' AND plan = '{plan}'"
    sql = (
        f"SELECT user_id FROM profiles WHERE ((user_id IN ({bought.sql}) AND {place}) "
        f"OR user_id IN ({spend.sql})) AND user_id NOT IN ({reads.sql}){{one}}"
    )
    parts = (bought.flag, spend.flag, reads.flag)
    return Audience("nested", who, sql, parts=parts, place=place)


def hundred(dialect):
    """All of them, with the sequence as a dialect says it best."""
    made = [attribute(COUNTRIES[i], PLANS[i % 3]) for i in range(10)]
    made += [ages(18 + 10 * i, 27 + 10 * i) for i in range(5)]
    made += [often(EVENTS[i % 5], [7, 30, 90, 180, 365][i // 5], 1 + i % 4) for i in range(25)]
    made += [spent([30, 90, 365][i % 3], 100 * (1 + i)) for i in range(15)]
    made += [without_order(EVENTS[1 + i % 4], [7, 30, 60, 90, 180][i % 5]) for i in range(10)]
    made += [lapsing(30 * i + 60, 30 * i) for i in range(10)]
    made += [filtered(CATEGORIES[i], 90 + 15 * i, 20 + 5 * i, 1 + i % 2) for i in range(12)]
    made += [new_customers(days) for days in (7, 14, 30, 60, 90)]
    made += [sequence_of(left_the_cart(days), dialect) for days in (10, 14, 30, 60)]
    made += [nested(COUNTRIES[i], "premium", 400 + 100 * i) for i in range(4)]
    return [replace(audience, name=f"a{i:02}") for i, audience in enumerate(made)]


def sequence_of(audience, dialect):
    """The seventh query over other days."""
    _, page = queries.read()
    text = next(query.sql(dialect) for query in page if query.id == "Q7")
    text = text.replace("{30 days}", f"{{{audience.sql} days}}")
    text = text.replace("ts <= {now}\n", "ts <= {now}{one}\n")
    return replace(audience, sql=text)


def created():
    """WhoQL that makes all of them."""
    return ";\n".join(f"create audience {a.name} is {a.who}" for a in hundred("duckdb")) + ";\n"


def flags(audiences):
    """The audiences that one scan can answer."""
    return [audience for audience in audiences if audience.flag or audience.parts]


def shared_sql(audiences, now, person=None):
    """One scan of all events for all audiences with flags: the size of each; of one
    person, whether they are in it. Attributes are joined to people, not to events."""
    inner, outer = [], []
    for audience in flags(audiences):
        conditions = audience.parts or [audience.flag]
        names = [f"{audience.name}_{place}" for place in range(len(conditions))]
        inner += [
            f"CASE WHEN {queries.filled(condition, now)} THEN 1 ELSE 0 END AS {name}"
            for condition, name in zip(conditions, names)
        ]
        outer.append(f"coalesce(sum({audience.joined(names)}), 0)")
    one = "" if person is None else f" AND user_id = {person}"
    own = "" if person is None else f" WHERE user_id = {person}"
    return (
        f"SELECT {', '.join(outer)} FROM (SELECT user_id, {', '.join(inner)} FROM events "
        f"WHERE ts <= {now}{one} GROUP BY user_id) AS people "
        f"JOIN (SELECT user_id AS person, country, plan FROM profiles{own}) AS known "
        f"ON user_id = person"
    )
