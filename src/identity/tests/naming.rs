//! Whom a call names.

use crate::identity::{Named, NamedError, Namespace, NamespaceKind, Policy};
use crate::model::{Body, Call, Object, Path, Text, Value};

fn object(fields: Vec<(&str, Value)>) -> Object {
    Object::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()).unwrap()
}

fn page() -> Call {
    Call::new("web", Body::Page { properties: Object::default() })
}

fn told(named: &Named) -> String {
    let names: Vec<String> = named.identifiers.iter().map(ToString::to_string).collect();
    format!("{} | {}", names.join(" "), names[named.anchor])
}

fn external(namespace: &str, id: impl Into<Value>) -> Value {
    Value::Object(object(vec![("type", namespace.into()), ("id", id.into())]))
}

#[test]
fn a_call_names_what_it_carries_in_the_order_of_birth() {
    let mut call = Call::new(
        "web",
        Body::Identify { traits: object(vec![("email", "E@x".into()), ("phone", "1 2".into())]) },
    );
    call.user_id = Some("u".into());
    call.anonymous_id = Some("a".into());
    let externals = vec![
        external("loyalty_id", 77),
        external("unheard_of", "1"),
        external("cookie", "c"),
        external("user_id", "u"),
    ];
    call.context = object(vec![
        ("traits", Value::Object(object(vec![("email", "f@x".into())]))),
        ("device", Value::Object(object(vec![("id", "d".into())]))),
        ("externalIds", Value::List(externals)),
    ]);
    assert_eq!(
        told(&Policy::standard().named(&call).unwrap()),
        "user_id:u anonymous_id:a email:e@x email:f@x phone:12 device_id:d loyalty_id:77 cookie:c \
         | user_id:u"
    );
}

#[test]
fn without_a_user_id_the_anchor_is_the_best_personal_one_then_the_best_carrier() {
    let mut call = page();
    call.anonymous_id = Some("a".into());
    let emails = Value::List(vec!["b@x".into(), "a@x".into()]);
    call.context = object(vec![("traits", Value::Object(object(vec![("email", emails)])))]);
    let policy = Policy::standard();
    assert_eq!(
        told(&policy.named(&call).unwrap()),
        "anonymous_id:a email:b@x email:a@x | email:a@x"
    );
    call.context = object(vec![("device", Value::Object(object(vec![("id", "d".into())])))]);
    assert_eq!(told(&policy.named(&call).unwrap()), "anonymous_id:a device_id:d | anonymous_id:a");
}

#[test]
fn traits_of_a_group_name_nobody() {
    let traits = object(vec![("email", "office@acme".into())]);
    let call = Call::new("web", Body::Group { group_id: "acme".into(), traits });
    assert_eq!(Policy::standard().named(&call), Err(NamedError::Missing));
}

#[test]
fn an_alias_comes_under_the_user_and_supersedes_the_previous() {
    let mut call = Call::new("web", Body::Alias { previous: "b".into() });
    call.user_id = Some("z".into());
    let policy = Policy::standard();
    let named = policy.named(&call).unwrap();
    assert_eq!(told(&named), "user_id:z user_id:b anonymous_id:b | user_id:z");
    assert_eq!(named.previous, [1]);
    call.user_id = None;
    call.anonymous_id = Some("b".into());
    let named = policy.named(&call).unwrap();
    assert_eq!(told(&named), "anonymous_id:b user_id:b | user_id:b");
    assert!(named.previous.is_empty());
    call.user_id = Some("b".into());
    assert!(policy.named(&call).unwrap().previous.is_empty());
}

#[test]
fn a_declared_namespace_is_read_where_its_declaration_says() {
    let mut policy = Policy::standard();
    for (name, from) in
        [("crm_id", "traits.crm.id"), ("card", "cards.number"), ("abo", "properties.abo")]
    {
        policy.declare(Namespace {
            name: name.into(),
            kind: NamespaceKind::Personal,
            priority: None,
            limit: None,
            from: vec![Path::dotted(from).unwrap()],
            blocked: vec!["0".into()].into(),
        });
    }
    let crm = Value::Object(object(vec![("id", 15.into())]));
    let mut call = Call::new("crm", Body::Identify { traits: object(vec![("crm", crm)]) });
    let card = |number: &str| Value::Object(object(vec![("number", number.into())]));
    call.extra = object(vec![("cards", Value::List(vec![card("9"), card("0"), card("8")]))]);
    assert_eq!(told(&policy.named(&call).unwrap()), "card:9 card:8 crm_id:15 | card:8");
    let call = Call::new("tv", Body::Page { properties: object(vec![("abo", "0".into())]) });
    assert_eq!(policy.named(&call), Err(NamedError::Blocked));
}

#[test]
fn a_call_that_names_nobody_too_many_or_too_long_is_refused() {
    let policy = Policy::standard();
    let mut call = page();
    call.user_id = Some("  ".into());
    assert_eq!(policy.named(&call), Err(NamedError::Missing));
    call.user_id = Some(Text::from("x".repeat(1_025)));
    assert_eq!(policy.named(&call), Err(NamedError::TooLong { given: 1_025, limit: 1_024 }));
    call.user_id = None;
    let many = (0..33).map(|n| external("email", n)).collect();
    call.context = object(vec![("externalIds", Value::List(many))]);
    assert_eq!(policy.named(&call), Err(NamedError::TooMany { given: 33, limit: 32 }));
    assert!(policy.named(&call).unwrap_err().to_string().contains("at most 32"));
}
