//! Other words for the same thing: what people say who know other systems.

use crate::model::Text;

/// Names of events that mean alike, as stems: without case, signs and tense.
const ALIKE: [&[&str]; 8] = [
    &["order", "purchas", "buy", "bought", "ordercomplet", "orderplac", "checkoutcomplet"],
    &["visit", "sess", "sessstart", "pageview", "view", "page"],
    &["signup", "signedup", "register", "registr", "accountcreat", "usercreat"],
    &["login", "loggedin", "signin", "signedin"],
    &["emailopen", "openemail", "openedemail", "mailopen"],
    &["emailclick", "clickemail", "clickedemail", "mailclick"],
    &["addtocart", "addedtocart", "productad", "cartad", "itemad"],
    &["refund", "orderrefund", "moneyback"],
];

/// Of known events the one that is another word for this: the same word in
/// another tense or number, else one that means alike; of several the most used.
pub(super) fn another_word<'a>(word: &str, known: &'a [(Text, u64)]) -> Option<&'a str> {
    let stem = stem(word);
    let alike = ALIKE.iter().find(|group| group.contains(&&*stem));
    let of = |fits: &dyn Fn(&str) -> bool| {
        let found = known.iter().filter(|(name, _)| fits(&self::stem(name)));
        found.max_by_key(|(_, n_uses)| *n_uses).map(|(name, _)| &**name)
    };
    let same = of(&|other| other == stem);
    same.or_else(|| alike.and_then(|group| of(&|other| group.contains(&other))))
}

/// A name without case, signs, tense and number.
fn stem(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).take(64);
    let mut stem: String = letters.flat_map(char::to_lowercase).collect();
    for end in ["ions", "ion", "ing", "ed", "es", "s", "e"] {
        if let Some(short) = stem.strip_suffix(end)
            && short.chars().count() >= 3
        {
            stem.truncate(short.len());
            break;
        }
    }
    stem
}

/// Words that stand for any event or none, where the name of one is expected.
pub(super) fn phrase(word: &str) -> Option<&'static str> {
    match &*word.to_ascii_lowercase() {
        "nothing" => Some("write `did not any event`"),
        "anything" | "something" | "any" => Some("write `any event`"),
        _ => None,
    }
}

/// How this language says what functions of other languages do.
pub(super) fn instead_of(function: &str) -> Option<&'static str> {
    Some(match &*function.to_ascii_lowercase() {
        "ifnull" | "isnull" | "nvl" | "nullif" => "write `coalesce(x, 0)`",
        "average" | "mean" => "write `avg(order.total)`",
        "total" => "write `sum(order.total)`",
        "uniq" | "unique" | "count_distinct" | "nunique" => "write `distinct(order.product)`",
        "datediff" | "date_diff" | "timestampdiff" | "age" | "dateadd" | "date_sub"
        | "date_add" => {
            "distances in time are values: `days since last order`, and windows: `in last 30 days`"
        }
        "now" | "current_date" | "current_timestamp" | "getdate" | "today" => {
            "windows end at now by themselves: `in last 30 days`, `this month`"
        }
        "case" | "iif" | "iff" | "decode" => "write `if plan = \"gold\" then 1 else 0`",
        "lcase" => "write `lower(x)`",
        "length" | "len" | "array_length" | "cardinality" => "write `size(x)`",
        "quintile" | "quartile" | "decile" | "ntile" | "rank" | "percent_rank" | "row_number"
        | "dense_rank" => {
            "a place among others is a condition: `if in quintile 5 of spent then 5 else if in \
             quintile 4 of spent then 4 else ...`"
        }
        "round" | "floor" | "ceil" | "ceiling" | "trunc" => {
            "there is no rounding: values keep nine decimals"
        }
        "date_part" | "extract" | "date_trunc" | "strftime" => {
            "years are windows, `this year`, `in february of 2026`, and periods, `trend ... per year`"
        }
        "weekday" | "dayofweek" | "dow" => "write `day_of_week(x)`, which is 1 for Monday",
        "concat" | "substr" | "substring" | "replace" | "split" => {
            "texts are compared and not put together: `contains`, `starts with`, `matches /re/`"
        }
        "exists" => "write `did order`, or `x is known`",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, known: &[&str], expected: Option<&str>) {
        let known: Vec<(Text, u64)> = (1..).zip(known).map(|(n, it)| ((*it).into(), n)).collect();
        assert_eq!(another_word(word, &known), expected, "{word}");
    }

    #[test]
    fn tense_number_and_signs_do_not_matter() {
        check("ordered", &["login", "order"], Some("order"));
        check("orders", &["order", "login"], Some("order"));
        check("viewing", &["view"], Some("view"));
        check("Page Viewed", &["page_view", "x"], Some("page_view"));
    }

    #[test]
    fn another_word_for_it_is_known() {
        check("purchased", &["login", "order"], Some("order"));
        check("bought", &["Order Completed", "login"], Some("Order Completed"));
        check("registered", &["signup"], Some("signup"));
        check("purchased", &["order", "buy"], Some("buy"));
        check("xyzzy", &["order"], None);
        check("", &["order"], None);
    }
}
