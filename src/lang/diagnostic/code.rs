//! The stable codes of diagnostics: one table, one paragraph each.

use std::fmt;

macro_rules! codes {
    ($($name:ident $code:literal $explanation:literal;)*) => {
        /// The stable name of a kind of diagnostic. Codes are never given a second meaning.
        ///
        /// ```
        /// use throng::lang::{Code, explanation, parse};
        /// let code = parse("count people who did order in last 30 dais").diagnostics[0].code;
        /// assert_eq!((code, code.as_str()), (Code::Unit, "E0014"));
        /// assert_eq!(Some(code.explanation()), explanation("E0014"));
        /// assert!(Code::ALL.contains(&code));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $explanation] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code as it is written: `E0102`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// A paragraph on what it means and what to do.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$name => $explanation),* }
            }
        }
    };
}

codes! {
    Syntax "E0001" "The text does not continue as the grammar allows. The message names what could have stood there; the underlining shows what was found instead. Statements are separated by `;`.";
    Character "E0002" "This character means nothing in the language. Names with spaces or other signs are written in double quotes, `did \"Order Completed\"`; comments begin with `--`.";
    Number "E0003" "Numbers are written like 12 or 0.5, lie between -10^18 and 10^18 and keep nine decimals. Counts are whole. An identifier with more digits belongs in quotes, as text.";
    Parenthesis "E0004" "Each `(` needs its `)` in the same statement, and each `)` its `(`.";
    Date "E0005" "Dates are written 2026-03-01 and instants 2026-03-01T12:00:00Z, with `Z` or an offset like +01:00, and lie in the years 1 to 9999. Both must exist in the calendar.";
    Quote "E0006" "A text begins and ends with a double quote on one line. Inside it `\\\"` is a quote, `\\\\` a backslash, `\\n` a new line, `\\t` a tab, `\\r` a carriage return and `\\u{e9}` a character by its number.";
    Mixed "E0007" "`and` and `or` stand beside one another without parentheses. Languages differ on which of them binds first, and a wrong guess gives a wrong audience without any sign of it, so both readings are shown and you choose.";
    Reserved "E0008" "This word belongs to the language, so it cannot be a name by itself. In backticks any word is a name, and so is any word behind a dot.";
    SingleQuote "E0009" "Texts stand in double quotes: `country = \"SK\"`. Single quotes mean nothing here.";
    WhereParentheses "E0010" "`where` always has parentheses, so that it is plain where the filter on the event ends and the condition on the person goes on: `did order where (total > 100) in last 90 days`.";
    ForeignOperator "E0011" "This operator comes from another language. Equality is `=`, inequality `!=`, and conditions are joined by the words `and`, `or` and `not`.";
    Nesting "E0012" "At most 64 conditions, values and groups may stand inside one another; each further operand of one sum or product counts too. Give a part a name by `create trait` or `create audience`, or group a long sum by parentheses.";
    ProgramSize "E0013" "One program of statements has at most 1,048,576 bytes. Long lists of values belong into data; many statements can be sent in several programs.";
    Unit "E0014" "A length of time is a whole number and a unit: millisecond, second, minute, hour, day, week, month, quarter or year, plural or not, or short: 90d, 36h, 10m, 5s, 250ms, 2w.";
    ForeignPhrase "E0015" "This phrase comes from SQL. `IS NULL` is `is unknown`, `IS NOT NULL` is `is known`, `IN (...)` is `one of (...)`, `LIKE 'a%'` is `starts with \"a\"`.";
    SecondCount "E0016" "An occurrence takes one count. Two counts of the same event are two conditions: `did order at least 2 times and did order at most 5 times`, or one `between 2 and 5 times`.";
    Length "E0017" "A length of time is at most 10,000 years, which is longer than all time that the language knows.";
    NeverWindow "E0018" "`never did` speaks of all time, so it takes neither window nor count. With a window write `did not`: `did not order in last 90 days`.";
    TooMany "E0019" "Only the first 100 errors of a program are told one by one; the others are counted. They often go away with the first ones.";
    Pattern "E0020" "A regular expression stands between slashes, with `i` behind them if case does not matter: `blocking /^(0+|n\\/a)$/i`. It is found anywhere in the text unless `^` and `$` hold it to the ends. References back and looking around are not part of it, so that its time grows with the length of the text alone; it takes at most 1 MiB.";
    MissingParameter "E0021" "`$name` stands for a value that is given beside the text, and none was given under this name. On the command line one is given as `--param name=value`, over HTTP and in the library in `params`; without them write the value itself.";
    UnusedParameter "E0022" "A value was given beside the text under a name that stands nowhere in it. Most often the name is misspelt on one of the two sides, or it stands in quotes, where `$name` is a text like any other. A name is a letter or `_`, then letters, digits and `_`.";
    UnknownName "E0101" "No trait and no attribute of this name is known. A name is known once it is declared, defined, or mentioned by any fact.";
    UnknownEvent "E0102" "No event of this name is known. A name is known once a call carries it or `declare event` names it.";
    UnknownAttribute "E0103" "No attribute of this name is known. A name is known once an `identify` call carries it or `declare attribute` names it.";
    UnknownAudience "E0104" "No audience of this name is defined. `show audiences` lists those that are.";
    NameTaken "E0105" "Something of this name is already defined. `create or replace` takes its place; inside conditions a trait and an attribute may not share a name.";
    InUse "E0106" "Another definition uses this one. Drop or change that one first.";
    Cycle "E0107" "The definition would need itself, by way of the others that it names. A condition must rest on facts in the end.";
    UnknownNamespace "E0108" "No identifier namespace of this name is known. Built in are user_id, email, phone, loyalty_id, anonymous_id, device_id and cookie; others are declared: `declare identifier crm_id: personal`.";
    UnknownProfile "E0109" "No person carries this identifier. People are named `\"namespace:value\"`, like `\"email:ada@example.org\"`, or by their ProfileId, like `\"p:15nm7\"`.";
    UnknownFunction "E0110" "No function of this name exists. Aggregates over events are count, sum, avg, min, max, distinct, first, last, median, stddev, most_frequent, collect, active_days, active_weeks, active_months, typical_gap and decayed; `coalesce` gives the first known value.";
    UnknownCondition "E0120" "No condition of this name is defined. `create condition buyer is did order` defines one, `meets buyer` uses it; `show conditions` lists those that there are.";
    UnknownList "E0121" "No list of this name is there. `create list staff of text` makes one, `add \"ada@example.org\" to list staff` fills it; `show lists` lists those that there are.";
    UnknownExperiment "E0122" "No experiment of this name is there, or it has no such variant. `create experiment \"e\" is (\"A\" 50%, \"B\" 50%)` makes one; `show experiments` lists those that there are.";
    UnknownHoldout "E0123" "No audience holds anybody out under this name, so nothing says how many that would be. An audience says it: `holding out 5% as \"global\"`.";
    Renamed "E0124" "An experiment keeps its name: people are drawn by it, and under another name everybody would be drawn again. A model keeps its name as well: scores name it by a text.";
    Model "E0130" "A model is read when it is defined, and what it holds becomes part of the definition. Its file is JSON as docs/models.md says: features as values of the language, then weights, or trees whose nodes stand before those they lead to. A score names a model and a version that are defined.";
    Dialect "E0140" "`explain sql for` names the engine that will run the statement: `duckdb` or `spark`. Engines differ in the names of functions and in how they write lists, so each has SQL of its own.";
    TypeMismatch "E0211" "The two sides are of different kinds. Nothing is converted silently: a number in quotes is text, and a date is not an instant.";
    WindowKind "E0212" "This kind of window does not fit here. `in next` and windows that lie ahead are for dates and instants; dates are compared by whole days, so their units are days or longer.";
    Range "E0213" "The bounds of a range are in the wrong order or empty: `between 30 and 60 days ago` runs from the younger to the older, and the first must be smaller.";
    NotInWhere "E0214" "Inside `where ( )` stand tests of one event: comparisons of its properties joined by `and`, `or`, `not`. Conditions on the person stand outside; `profile.x` reads an attribute of the person.";
    Zone "E0215" "Time zones are named as IANA names them, like Europe/Prague or UTC.";
    Currency "E0216" "Amounts with a declared currency are added to, subtracted from and compared with amounts of the same currency and with plain numbers, and nothing is converted. Where the currency stands beside the amount (`declare event order.total: number currency currency`), the filter fixes it to one code: `sum(order.total where (currency = \"EUR\"))`. Only numbers have a currency.";
    StandingPatterns "E0218" "Standing audiences look for at most 20 regular expressions together, each counted once however many use it: every one is looked for in every event that it is about. `contains`, `starts with`, `ends with` and `one of` cost less and have no such limit, and a question may look for any number.";
    Combination "E0220" "Several events that belong together: a sequence `(a then b)` has at most 32 steps, a combination `2 of (a, b, c)` at most 32 kinds and needs at least one and at most all of them. A combination is there or not, so it takes no count; a sequence may be counted, by the events that begin it, or under `same` by the values that its events agree on.";
    Arguments "E0230" "A definition with parameters takes as many arguments as it has parameters, in their order. From the right those may be left out that have a default, and without parentheses all of them.";
    Shares "E0231" "Shares of everybody are at most 100%, the variants of an experiment together too, and each variant is named once. A holdout has one share, whoever names it.";
    RankMoves "E0310" "A rank stays live only if passing time moves the ranked value alike for everyone. Rank by a value that only events change. A rank inside a value (`if in top 5% by ltv then 1 else 0`, or a trait that ranks) is answered in reports; not in a standing audience, in `where ( )`, in what a model reads or beside the changes of `watch`: there a value hangs on one person's own facts, and a rank on everybody's.";
    NotLive "E0311" "A comparison is kept live if it can be told when it turns over while nothing happens. One value that moves, like `days since x`, may stand in any sum, product or quotient with values that stay. Several are added and subtracted in one unit, each times a value that stays: instead of `days since a / days since b > 0.9` write `days since a > 0.9 * days since b`. Anything else may be used in reports.";
    NotInSql "E0320" "The meaning of this has no counterpart in SQL that gives the same answer: a numbered element of a list of a declared type, names of properties with quotes, brackets, backslashes or stars, combinations of very many kinds, and reports other than `count people` and `list`. Everything else is compiled by `explain sql for duckdb | spark`.";
    MissingUnderNotEqual "W201" "`!=` needs a known value, so people of whom the value is unknown are left out, and `not one of` is alike. The message counts the profiles, or for a property the events, that have no value. `not x = \"v\"` counts them in.";
    AlwaysOrNever "W202" "The condition, or a part of it, holds for everyone or for nobody, whatever the facts: a value compared with `missing`, two bounds that leave nothing between them, two windows that no event is in, a condition beside its own opposite. A list that is sorted by a constant is alike: every row is equal in that order.";
    LastOneUnit "W203" "`in last 1 month` reaches from a month ago to now; the previous calendar month is `last month`.";
    UnguardedAbsence "W204" "A window that hangs on an event which a person does not have is empty, so `did not` holds for them. Add `and did ...` if that is not meant.";
    OtherKind "W205" "Some values under this name are of another kind than the operator reads; to it they are missing.";
    UndeclaredCurrency "W206" "A sum over amounts of which no declaration says the currency, where there is reason to think that they have one: the events carry more than one code beside them, or they are brought together with amounts of a declared currency. Say it by `declare event order.total: number currency \"EUR\"`, or `currency currency` where the property `currency` holds the code; a number that is no amount is declared as a number alone.";
    NobodyOrEveryone "W207" "The audience was created, and today nobody is in it, or everyone is. A condition that asks for more than there is, a name that facts spell otherwise, or a window in the wrong unit are common reasons; it may also be as meant. It is said where there are at least 20 people.";
    EqualAudience "W208" "Another audience has the same condition, up to the order of its parts and to words that mean the same. Two names for one set of people are kept up to date by one computation, yet they are hard to tell apart; `in audience NAME` uses the other.";
    SilentEvent "W209" "No event of this name has happened in the 30 days before the instant that is asked about, though there were some before, and other events do come in. Was it renamed, or did its sender stop? Windows that reach back less far find nothing.";
}

/// The paragraph on a code, as `explain E0310` prints it; case does not matter.
///
/// ```
/// assert!(throng::lang::explanation("e0007").unwrap().contains("parentheses"));
/// assert_eq!(throng::lang::explanation("E9999"), None);
/// ```
pub fn explanation(code: &str) -> Option<&'static str> {
    let found = Code::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(code.trim()));
    found.map(|known| known.explanation())
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_in_order_within_errors_and_warnings() {
        let written: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(written.is_sorted(), "{written:?}");
        assert!(written.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn every_explanation_is_a_paragraph_that_ends() {
        for code in Code::ALL {
            let text = explanation(code.as_str()).unwrap();
            assert!(text.len() > 60 && text.ends_with('.'), "{code}: {text}");
        }
    }
}
