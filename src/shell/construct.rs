//! Help on the constructs of the language: form, meaning, and an example that runs.

use super::topic::{holds, is_whole};

/// A construct: the words that ask for it, its form, what it means, an example.
type Construct = (&'static [&'static str], &'static str, &'static str, &'static str);

const CONSTRUCTS: [Construct; 55] = [
    (
        &["people", "everyone", "who", "whose", "have", "are"],
        "everyone | people [who | whose | have | are] CONDITION",
        "of whom something is asked; `who`, `whose`, `have` and `are` may stand before each condition",
        "count people who did order and whose country is known;",
    ),
    (
        &["and", "or", "not", "none of"],
        "C and C | C or C | not C | all | any | none of (C, C, ...)",
        "conditions together; `and` beside `or` needs parentheses",
        "count people who did order and not (country = \"SK\" or country = \"CZ\");",
    ),
    (
        &["did", "never"],
        "did | did not | never did EVENT [where (...)] [COUNT] [WINDOW ...]",
        "whether matching events happened; `never` takes no window",
        "count people who did order at least 2 times in last 90 days;",
    ),
    (
        &["where"],
        "EVENT where (TEST [and | or | not ...])",
        "filters events before they are counted; bare names are their properties, `profile.x` is the person's",
        "count people who did order where (total >= 5 and not total > 6);",
    ),
    (
        &["times", "counts", "time"],
        "once | twice | at least N times | at most | exactly 1 time | more than | fewer than | between N and M times",
        "how many events; `at most` and `fewer than` include none",
        "count people who did order between 1 and 3 times;",
    ),
    (
        &["any of", "any event"],
        "any event | any of (EVENT, ...)",
        "events of several names together, each counted once",
        "count people who did any of (order, visit) at least 2 times;",
    ),
    (
        &["sequence", "then"],
        "(EVENT then [immediately | strictly] EVENT [within D] [after at least D] [without EVENT] ...)",
        "different events one after another; others may lie between",
        "count people who did (visit then order within 2 days) in last 30 days;",
    ),
    (
        &["tail", "then no"],
        "(EVENT then no EVENT [within D])",
        "nothing of it followed: true once D is over, without D until it comes",
        "count people who did (visit then no order within 4 hours);",
    ),
    (
        &["same"],
        "(EVENT then EVENT) same PROPERTY",
        "all events agree on a property",
        "count people who did (visit then order) same cart_id;",
    ),
    (
        &["combination", "all of", "of ("],
        "all of (EVENT, ...) | N of (EVENT, ...) [within D]",
        "different events, one of each kind, in any order",
        "count people who did all of (visit, order) within 7 days;",
    ),
    (
        &["starting", "ending"],
        "(...) starting WINDOW | ending WINDOW",
        "the window binds only the first or the last event",
        "count people who did (visit then order) ending in last 7 days;",
    ),
    (
        &["windows", "in last", "ago", "in next"],
        "in last D | between N and M UNIT ago | in next D (of dates and instants)",
        "back from now; weeks and less are exact, months and years begin at the start of a local day",
        "count people who did order between 0 and 30 days ago;",
    ),
    (
        &["periods", "today", "this", "calendar", "month"],
        "today | yesterday | tomorrow | this | last | next UNIT | in MONTH [of YEAR] | in any MONTH",
        "by the calendar of the zone",
        "count people who did order this month;",
    ),
    (
        &["dates", "since", "from", "on"],
        "since | until | before | after X | from X to Y | on DATE",
        "X is a date, an instant, an attribute, or `first | last EVENT`",
        "count people who did order since last visit;",
    ),
    (
        &["within"],
        "within D after | before | of X",
        "nearer than D to a point in time",
        "count people who did order within 7 days after first visit;",
    ),
    (
        &["aggregates", "sum", "avg", "min", "max", "count", "distinct", "first", "last"],
        "sum | avg | min | max | count | distinct | first | last | median | stddev | most_frequent | collect (EVENT.PROPERTY [where (...)] [WINDOW])",
        "one value from a person's events; `collect` gives all of them, a list",
        "list sum(order.total in last 90 days) as spent, last(order.when) as latest of everyone;",
    ),
    (
        &["rhythm", "active_days", "active_weeks", "active_months", "typical_gap", "decayed"],
        "active_days | active_weeks | active_months | typical_gap (EVENT [where (...)] [WINDOW]) | decayed(EVENT: NUMBER, D)",
        "on how many local days, weeks or months there was one; the median of the days between two; a sum that loses half of itself every D",
        "list active_days(visit in last 30 days), typical_gap(order), decayed(visit: 1, 14 days) of everyone;",
    ),
    (
        &["items", "arrays"],
        "FUNCTION(EVENT.LIST: VALUE [where (...)])",
        "item by item; bare names are fields of the item",
        "list sum(order.items: price * quantity where (price > 1)) as shoes of everyone;",
    ),
    (
        &["arithmetic", "if", "coalesce", "values"],
        "+ - * / | if C then A else B | coalesce(A, B)",
        "missing values make the result missing; `coalesce` gives the first that is known",
        "list (if count(order) > 1 then \"often\" else \"seldom\") as how, coalesce(sum(order.total), 0) of everyone;",
    ),
    (
        &["days since", "hours until", "elapsed"],
        "UNIT since X | UNIT until X",
        "a distance in time as a number; of dates whole days",
        "count people whose days since last order >= 0.5 or days since last order < 0.5;",
    ),
    (
        &["functions", "lower", "domain", "anniversary", "season"],
        "lower | upper | trim | domain | size | hour_of_day | day_of_week | month_of_year | season | anniversary (VALUE)",
        "one value from another; `month_of_year` is 1 to 12 whatever the year",
        "list domain(email) as house, season(last(order.when)) of everyone;",
    ),
    (
        &["tests", "is", "known", "between", "one of"],
        "= != < <= > >= | is [not] | is known | is unknown | between A and B | [not] one of (...)",
        "a comparison with what is missing is false, `!=` too",
        "count people whose country one of (\"SK\", \"CZ\") or country is unknown;",
    ),
    (
        &["text", "contains", "matches", "starts with"],
        "contains | starts with | ends with TEXT [ignoring case] | matches /RE/[i]",
        "texts in texts",
        "count people whose email ends with \"@EXAMPLE.ORG\" ignoring case;",
    ),
    (
        &["places", "near", "cidr", "km"],
        "in cidr TEXT | within N km of (LATITUDE, LONGITUDE)",
        "of an attribute or property that is declared an address, `ip`, or a place, `geo`",
        "declare attribute address: ip; declare attribute home: geo; count people whose address in cidr \"10.0.0.0/8\" or home within 25 km of (48.1, 17.1);",
    ),
    (
        &["has", "lists of values"],
        "has V | has any of (...) | has all of (...)",
        "elements of a list",
        "count people who did order where (tags has \"new\");",
    ),
    (
        &["in list"],
        "VALUE in list NAME | people in list NAME",
        "`create list NAME of text` makes one, `add \"x\" to list NAME` fills it",
        "create list staff of text; count people whose email in list staff;",
    ),
    (
        &["in audience", "audience"],
        "in audience NAME[(ARGUMENT, ...)]",
        "whoever is in another audience, with its gates",
        "count people in audience recent and not in audience recent;",
    ),
    (
        &["rank", "top", "bottom", "quintile"],
        "in top | bottom N | N% by VALUE [among (C)] | in quartile | quintile | decile Q of VALUE [among (C)]",
        "a place among others; equal values stay together",
        "count people in top 50% by sum(order.total) among (did order);",
    ),
    (
        &["consent", "requiring"],
        "have [no] consent for TEXT | create audience NAME requiring consent for TEXT is ...",
        "the latest decision that has not expired; unknown is none",
        "count people who have no consent for \"email\";",
    ),
    (
        &["sample", "holdout", "variant", "experiment"],
        "in sample P% of TEXT | in holdout TEXT | in variant TEXT of TEXT | create audience NAME holding out P% as TEXT is ...",
        "by a hash of the person: the same people each time; who is held out is in none of the audiences that say so",
        "count people in sample 10% of \"spring\";",
    ),
    (
        &["let"],
        "is let NAME = VALUE [let ...] people ...",
        "a name for a value inside a definition",
        "create audience big is let spent = sum(order.total) people whose spent > 5 and spent < 100;",
    ),
    (
        &["parameters", "meets", "condition", "$"],
        "create audience | trait | condition NAME($P: TYPE [= DEFAULT]) is ...",
        "arguments are given in their order; `meets NAME(...)` writes a condition out",
        "create condition buyer($least: number = 1) is count(order) >= $least; count people meets buyer(2);",
    ),
    (
        &["timezone", "zone"],
        "create audience NAME in timezone TEXT is ... | REPORT in timezone TEXT",
        "where local days begin; `set timezone = TEXT` for all",
        "count people who did order today in timezone \"Europe/Prague\";",
    ),
    (
        &["their timezone", "their"],
        "create audience NAME in their timezone is ... | REPORT in their timezone",
        "days begin where each person is: by the zone last said of them, else by the zone of the whole",
        "count people who did order today in their timezone;",
    ),
    (
        &["as of", "hindsight", "by", "group by"],
        "REPORT [by VALUE, ... [top N]] [as of INSTANT [with hindsight]]",
        "groups, and another instant: as it was known then, or with what is known now",
        "count everyone by country top 5 as of 2100-01-01 with hindsight;",
    ),
    (
        &["list", "column", "sort", "limit"],
        "list VALUE [as NAME], ... of people ... | of everyone [sort by VALUE [asc | desc]] [limit N]",
        "a row for each person; `sort by` knows the names of the columns, conditions do not",
        "list user_id, sum(order.total) as spent of people who did order sort by spent desc limit 10;",
    ),
    (
        &["total"],
        "total AGGREGATE [as NAME], ... [of people ...] [by VALUE]",
        "over the events of all people together",
        "total sum(order.total) as revenue, count(order) as orders by country;",
    ),
    (
        &["trend"],
        "trend AGGREGATE [as NAME], ... per UNIT [WINDOW] [of people ...] [by VALUE [top N]]",
        "totals period by period, also where nothing happened",
        "trend count(order) as orders per day in last 7 days;",
    ),
    (
        &["funnel"],
        "funnel (EVENT then EVENT ...) [WINDOW] [of people ...] [by VALUE]",
        "how many people come how far; one value of a property by `where` in its first step",
        "funnel (visit then order within 1 day) in last 30 days;",
    ),
    (
        &["retention", "cohort"],
        "retention of EVENT returning to EVENT per UNIT for N [WINDOW] [of people ...]",
        "who comes back in the periods after the first event; the window holds the first",
        "retention of visit returning to order per week for 4 in last 8 weeks;",
    ),
    (
        &["forecast"],
        "forecast audience NAME [per UNIT] [in next D]",
        "who enters and leaves if nothing happens",
        "forecast audience recent per day in next 14 days;",
    ),
    (
        &["overlap"],
        "overlap of NAME, NAME, ...",
        "how many people each two audiences share",
        "create audience buyers is people who did order; create audience guests is people who did visit; overlap of buyers, guests;",
    ),
    (
        &["members"],
        "members of audience NAME as announced at INSTANT",
        "who was in it by what its followers had been told",
        "members of audience recent as announced at 2100-01-01T00:00:00Z;",
    ),
    (
        &["timeline"],
        "timeline of profile TEXT [WINDOW] [limit N]",
        "what one person did, the latest first",
        "timeline of profile \"user_id:17\" in last 30 days limit 20;",
    ),
    (
        &["watch"],
        "watch audience NAME [from N] [with NAME, ...] [settled for D]",
        "who enters and leaves, as it happens",
        "watch audience recent;",
    ),
    (
        &["verify"],
        "verify audience NAME",
        "computes it afresh from all facts and compares it with what is kept",
        "verify audience recent;",
    ),
    (
        &["explain", "explain cost", "cost"],
        "explain [cost] audience NAME | create ... | REPORT",
        "what a text means and reads; `cost` adds what it takes to keep the answer",
        "explain cost audience recent;",
    ),
    (
        &["explain sql", "sql"],
        "explain sql for duckdb | spark audience NAME | create ... | REPORT",
        "the same question as SQL over exported files",
        "explain sql for duckdb audience recent;",
    ),
    (
        &["create model", "model", "score"],
        "create model NAME version N from FILE | is TEXT | score(NAME, N)",
        "what a model of yours says of each person: a value like any other",
        "create model m version 1 is \"{\\\"kind\\\": \\\"linear\\\", \\\"features\\\": [{\\\"value\\\": \\\"count(order)\\\"}], \\\"weights\\\": [1]}\"; list user_id, score(\"m\", 1) as likely of everyone sort by likely desc;",
    ),
    (
        &["create trait", "trait"],
        "create trait NAME[($P: TYPE, ...)] [: TYPE] [in timezone TEXT] is [let NAME = VALUE ...] VALUE",
        "a value of each person under a name, used like an attribute",
        "create trait spent: number is sum(order.total); count people whose spent > 5;",
    ),
    (
        &["literals", "missing", "true", "false", "units"],
        "\"text\" | 12.5 | 5% | true | false | missing | 2026-03-01 | 2026-03-01T12:00:00Z | MONTH | N UNIT | 90d 36h 10m 5s 250ms 2w",
        "values as they are written; a unit is a millisecond, second, minute, hour, day, week, month, quarter or year, plural or not",
        "count people who did order where (total = 12.5) in last 36h;",
    ),
    (
        &["types", "id", "version", "geo"],
        "text | number | bool | date | instant | duration | ip | geo | version | id | list of TYPE",
        "what `declare`, parameters, traits and lists say of a value",
        "declare attribute birthday: date; create list vips of id;",
    ),
    (
        &["declare identifier", "identifier", "personal", "carrier", "blocking", "priority"],
        "declare identifier NAME: personal | carrier [priority N] [limit N | none] [from TEXT, ...] [blocking (TEXT, ...) | /RE/]",
        "a namespace that names people, or things that are passed on; values that name nobody are blocked",
        "declare identifier crm_id: personal priority 20 limit 3 from \"traits.crm.id\" blocking /^0+$/;",
    ),
    (
        &["declare source", "source", "party"],
        "declare source NAME first | third party",
        "whose word counts less: of two values for one attribute the first party's stays",
        "declare source partner third party;",
    ),
    (
        &["currency"],
        "declare event EVENT.PROPERTY: number currency TEXT | PROPERTY",
        "amounts of several currencies are never added up",
        "declare event order.total: number currency \"EUR\"; total sum(order.total);",
    ),
];

/// The constructs that a topic names, or whose names begin with it where it is
/// no word by itself; none, if there are none.
pub(super) fn about(topic: &str) -> Option<String> {
    let named = |(words, ..): &&Construct| words.contains(&topic);
    let begun = |(words, ..): &&Construct| words.iter().any(|word| word.starts_with(topic));
    told(&named).or_else(|| told(&begun).filter(|_| !is_whole(topic)))
}

/// The constructs in whose form all words of a topic stand, else in whose meaning.
pub(super) fn with(topic: &str) -> Option<String> {
    let in_form = |(_, form, ..): &&Construct| holds(form, topic);
    let in_meaning = |(_, _, meaning, _): &&Construct| holds(meaning, topic);
    told(&in_form).or_else(|| told(&in_meaning))
}

fn told(is_meant: &dyn Fn(&&Construct) -> bool) -> Option<String> {
    let lines =
        |(_, form, meaning, example): &Construct| format!("  {form}\n    {meaning}\n    {example}");
    let told: Vec<String> = CONSTRUCTS.iter().filter(is_meant).map(lines).collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

/// Every construct by the word that asks for it.
pub(super) fn list() -> String {
    let words: Vec<&str> = CONSTRUCTS.iter().map(|(words, ..)| words[0]).collect();
    format!("constructs, each by `\\h WORD`: {}", words.join(", "))
}

#[cfg(test)]
pub(super) fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    CONSTRUCTS.iter().map(|(words, _, _, example)| (words[0], *example))
}
