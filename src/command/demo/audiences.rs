//! Ten audiences of ten kinds.

/// Name, what it is in words, and its definition.
pub(super) const AUDIENCES: [(&str, &str, &str); 10] = [
    (
        "regulars",
        "a count in a sliding window",
        "people who did order at least 3 times in last 90 days",
    ),
    (
        "lapsed",
        "something that did not happen",
        "people who did order and did not order in last 90 days",
    ),
    (
        "big_spenders",
        "a sum in a sliding window",
        "people whose sum(order.total in last 365 days) > 1000",
    ),
    (
        "abandoned_cart",
        "since an event of their own, behind a gate of consent",
        "people who did added_to_cart in last 3 days and did not order since last added_to_cart",
    ),
    ("newcomers", "an instant in a window", "people whose first_seen in last 30 days"),
    (
        "online_only",
        "never, under a filter",
        "people who did order and never did order where (channel = \"store\")",
    ),
    (
        "shoe_lovers",
        "arithmetic over the items of orders",
        "people whose sum(order.items: price * quantity where (category = \"shoes\") \
         in last 365 days) >= 300",
    ),
    (
        "silent_premium",
        "an attribute, a consent and an absence",
        "people whose plan = \"premium\" and consent for \"email\" \
         and did not email_open in last 60 days",
    ),
    (
        "drifting",
        "days that pass",
        "people whose count(order) >= 4 and days since last order >= 60",
    ),
    (
        "vip_at_risk",
        "audiences of audiences",
        "people in audience big_spenders and not in audience regulars",
    ),
];

/// The statement that creates one of them.
pub(super) fn statement(name: &str, definition: &str) -> String {
    let gate = if name == "abandoned_cart" { " requiring consent for \"email\"" } else { "" };
    format!("create audience {name}{gate} is {definition}")
}
