use super::*;
use crate::model::{Object, Value};
use crate::query::predicate::Function::*;
use crate::query::predicate::*;

fn item(category: &str, price: i64, quantity: i64) -> Value {
    obj(vec![
        ("category", category.into()),
        ("price", price.into()),
        ("quantity", quantity.into()),
        ("sizes", list(vec![price.into(), 40.into()])),
    ])
}

/// An order of two shoes and a hat, and one whose item list is no list.
fn history() -> History {
    let items = list(vec![item("shoes", 50, 2), item("hats", 20, 1), item("shoes", 30, 1)]);
    let tags = list(vec!["new".into(), Value::Null, "sale".into(), "new".into()]);
    History::new()
        .did_with(-2, "order", vec![("items", items), ("tags", tags), ("category", "mixed".into())])
        .did_with(-1, "order", vec![("items", item("shoes", 999, 1)), ("category", "shoes".into())])
        .did_with(-1, "order", vec![("items", 5.into())])
}

fn over(
    function: Function,
    items: &str,
    value: Option<Expr<RowLeaf>>,
    filter: Option<Filter>,
) -> Expr<PersonLeaf> {
    Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate {
        function,
        matcher: Matcher(vec![EventFilter { name: Some("order".into()), filter }]),
        items: Some(path(items)),
        value,
        windows: vec![],
    })))
}

fn category(name: &str) -> Filter {
    has_row(property("category"), Check::Compare(Comparison::Equal, lit(name)))
}

fn check(expr: Expr<PersonLeaf>, expected: impl Into<Value>) {
    assert_eq!(history().value(&expr), expected.into(), "{expr:?}");
}

#[test]
fn items_are_taken_one_by_one_and_bare_names_are_their_fields() {
    let amount = || Some(op(Operator::Multiply, property("price"), property("quantity")));
    check(over(Sum, "items", amount(), Some(category("shoes"))), 130);
    check(over(Sum, "items", amount(), Some(category("hats"))), 20);
    check(over(Sum, "items", amount(), None), 150);
    check(over(Count, "items", amount(), Some(category("mixed"))), 0);
}

#[test]
fn a_way_through_the_array_reads_each_element() {
    check(over(Distinct, "items.category", None, None), 2);
    check(over(Count, "items.category", None, None), 4);
    check(over(Max, "items.price", None, None), 999);
    check(over(Max, "items.price", None, Some(category("hats"))), 20);
    check(over(First, "items.sizes", None, Some(category("hats"))), 20);
    check(over(Count, "items.sizes", None, None), 8);
    check(over(Last, "items[0].price", None, Some(category("shoes"))), 50);
    check(over(Sum, "items[1].price", None, None), 20);
}

#[test]
fn what_is_no_array_is_one_value_whose_names_are_the_events() {
    check(over(Count, "items", None, None), 5);
    check(over(Sum, "items", None, None), 5);
    check(over(Max, "items.price", None, Some(category("shoes"))), 999);
}

#[test]
fn scalars_are_taken_one_by_one_and_bare_names_stay_the_events() {
    check(over(Count, "tags", None, None), 3);
    check(over(Distinct, "tags", None, None), 2);
    check(over(Last, "tags", None, Some(category("mixed"))), "new");
    check(over(Count, "tags", None, Some(category("shoes"))), 0);
    check(aggregate(Count, event("order"), Some(property("tags")), vec![]), 3);
    check(aggregate(Distinct, event("order"), Some(property("items.category")), vec![]), 2);
}

#[test]
fn the_enclosing_event_and_the_element_itself_have_names() {
    let enclosing =
        |name: &str| Expr::Leaf(RowLeaf::Enclosing { path: path(name), declared: None });
    let mixed = has_row(enclosing("category"), Check::Compare(Comparison::Equal, lit("mixed")));
    check(over(Count, "items", None, Some(mixed)), 3);
    let element = |declared| Some(Expr::Leaf(RowLeaf::Element { declared }));
    check(over(Last, "tags", element(None), None), "new");
    check(over(Count, "tags", element(Some(Type::Number)), None), 0);
    let sale = has_row(element(None).unwrap(), Check::Compare(Comparison::Equal, lit("sale")));
    check(over(Count, "tags", None, Some(sale)), 1);
}

#[test]
fn the_context_is_read_unless_a_property_of_that_name_hides_it() {
    let campaign = |name: &str| object(vec![("campaign", obj(vec![("name", name.into())]))]);
    let leaf = |leaf| aggregate(Last, any_event(), Some(Expr::Leaf(leaf)), vec![]);
    let context = || leaf(RowLeaf::Context { path: path("campaign.name") });
    let plain = History::new().did(-1, "e").with(|event| event.context = campaign("spring"));
    assert_eq!(plain.value(&context()), "spring".into());
    let with = |value| {
        let history = History::new().did_with(-1, "e", vec![("context", value)]);
        history.with(|event| event.context = campaign("spring"))
    };
    assert_eq!(with(Value::Object(campaign("own"))).value(&context()), "own".into());
    assert_eq!(with(obj(vec![])).value(&context()), Value::Null);
    assert_eq!(with(Value::Null).value(&context()), "spring".into());
    let history = plain.with(|event| event.channel = Some("app".into()));
    assert_eq!(history.value(&leaf(RowLeaf::Channel)), "app".into());
    assert_eq!(history.value(&leaf(RowLeaf::Source)), "web".into());
    assert_eq!(history.value(&leaf(RowLeaf::CallType)), "track".into());
    assert_eq!(history.value(&leaf(RowLeaf::Received)), Value::Instant(after_now(-1)));
}

#[test]
fn a_filter_reads_the_person_as_they_are_now() {
    let owns = |ms| {
        let favourite = PersonLeaf::Attribute { path: path("favourite"), declared: None };
        let same = Check::Compare(Comparison::Equal, Expr::Leaf(RowLeaf::Person(favourite)));
        let history = History::new().did_with(-9, "view", vec![("category", "hats".into())]);
        let history = history.identify(ms, vec![("favourite", "hats".into())]);
        history.holds(&did(event_where("view", has_row(property("category"), same)), vec![]))
    };
    assert!(owns(-1), "an attribute set after the event counts");
    assert!(!owns(1), "one set ahead does not");
}

#[test]
fn pages_and_screens_are_events_by_their_names() {
    use crate::model::Body;
    let properties = |name: &str| object(vec![("name", name.into())]);
    let history = History::new()
        .call(-3, "web", Body::Page { properties: properties("home") })
        .call(-2, "app", Body::Screen { properties: properties("cart") })
        .call(-1, "web", Body::Alias { previous: "x".into() })
        .identify(-1, vec![("a", 1.into())])
        .group(-1, "acme")
        .consent(-1, true, None);
    for (matcher, expected) in [
        (event("page_view"), true),
        (event("screen_view"), true),
        (event("identify"), false),
        (event("group"), false),
    ] {
        assert_eq!(history.holds(&did(matcher, vec![])), expected);
    }
    assert!(history.holds(&did_times(any_event(), vec![], 2, Some(2))));
    let home = has_row(property("name"), Check::Compare(Comparison::Equal, lit("home")));
    assert!(history.holds(&did_times(event_where("page_view", home), vec![], 1, Some(1))));
    assert!(history.events.iter().all(|event| event.context == Object::default()));
}
