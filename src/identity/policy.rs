//! The policy: which namespaces there are, and what each of them means.

use crate::model::{Blocked, Identifier, Path, Text, nfc};
use std::borrow::Cow;
use std::cmp::Ordering;

/// Namespaces with their kinds, priorities, limits, places and blocked values.
///
/// A namespace keeps its place for ever, so claims refer to it by number.
/// After a change of kind, priority, limit or place, identity is derived again
/// by taking all calls in log order into a new one.
///
/// ```
/// use throng::identity::Policy;
/// let policy = Policy::standard();
/// let ada = policy.normalise(&"email: Ada@Example.org ".parse().unwrap()).unwrap();
/// assert_eq!(ada.to_string(), "email:ada@example.org");
/// assert_eq!(policy.normalise(&"phone:n/a".parse().unwrap()), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    namespaces: Vec<Namespace>,
    /// Places in the order of priority, and its inverse.
    by_rank: Vec<usize>,
    ranks: Vec<usize>,
    /// Places of those that calls carry where the standard does not look, by name.
    declared: Vec<usize>,
}

/// One namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Its name.
    pub name: Text,
    /// What its values name.
    pub kind: NamespaceKind,
    /// Where it stands among the declared ones of its kind: small first, none last.
    pub priority: Option<u32>,
    /// Distinct values that one person may have.
    pub limit: Option<u32>,
    /// Where a call carries it, besides the place that the standard gives it.
    pub from: Vec<Path>,
    /// Values that name nobody.
    pub blocked: Blocked,
}

/// What the values of a namespace name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamespaceKind {
    /// One person.
    Personal,
    /// A thing that several people may hold, one after another.
    Carrier,
}

pub(super) const USER_ID: &str = "user_id";
const ANONYMOUS_ID: &str = "anonymous_id";
pub(super) const EMAIL: &str = "email";
pub(super) const PHONE: &str = "phone";
const DEVICE_ID: &str = "device_id";

/// Places of the standard namespaces, which are always the first ones.
pub(super) mod place {
    pub(in crate::identity) const USER_ID: usize = 0;
    pub(in crate::identity) const EMAIL: usize = 2;
    pub(in crate::identity) const PHONE: usize = 3;
    pub(in crate::identity) const ANONYMOUS_ID: usize = 4;
    pub(in crate::identity) const DEVICE_ID: usize = 5;
}

impl Policy {
    /// The policy of a workspace that has declared nothing.
    pub fn standard() -> Policy {
        use NamespaceKind::{Carrier, Personal};
        let named = |name: &str, kind, limit| Namespace {
            name: name.into(),
            kind,
            priority: None,
            limit,
            from: Vec::new(),
            blocked: Blocked::default(),
        };
        let namespaces = vec![
            named(USER_ID, Personal, Some(1)),
            named("loyalty_id", Personal, None),
            named(EMAIL, Personal, None),
            named(PHONE, Personal, None),
            named(ANONYMOUS_ID, Carrier, None),
            named(DEVICE_ID, Carrier, None),
            named("cookie", Carrier, None),
        ];
        let [by_rank, ranks, declared] = [const { Vec::new() }; 3];
        let mut policy = Policy { namespaces, by_rank, ranks, declared };
        policy.rank();
        policy
    }

    /// Adds a namespace, or replaces the one of that name whole.
    ///
    /// The namespace `p` is how profiles are written and stays undeclared.
    pub fn declare(&mut self, namespace: Namespace) {
        if &*namespace.name == "p" {
            return;
        }
        match self.place(&namespace.name) {
            Some(place) => self.namespaces[place] = namespace,
            None => self.namespaces.push(namespace),
        }
        self.rank();
    }

    /// All namespaces, the standard ones first.
    pub fn namespaces(&self) -> impl Iterator<Item = &Namespace> {
        self.namespaces.iter()
    }

    /// An identifier as the namespace's policy writes it; none if it is empty,
    /// blocked or of a namespace that nobody declared.
    pub fn normalise(&self, identifier: &Identifier) -> Option<Identifier> {
        let namespace = self.at(self.place(&identifier.namespace)?);
        let value = namespace.normal(&identifier.value);
        if value.is_empty() || namespace.blocks(&value) {
            return None;
        }
        Some(Identifier {
            namespace: namespace.name.clone(),
            value: shared(&identifier.value, value),
        })
    }

    /// Which comes first where one call names both: priority, namespace name, value.
    pub(super) fn order(&self, a: &Identifier, b: &Identifier) -> Ordering {
        let rank = |i: &Identifier| self.place(&i.namespace).map_or(usize::MAX, |p| self.ranks[p]);
        rank(a).cmp(&rank(b)).then_with(|| a.value.cmp(&b.value))
    }

    /// The number under which claims know a namespace.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.namespaces.iter().position(|namespace| &*namespace.name == name)
    }

    pub(super) fn at(&self, place: usize) -> &Namespace {
        &self.namespaces[place]
    }

    pub(super) fn rank_of(&self, place: usize) -> usize {
        self.ranks[place]
    }

    pub(super) fn is_personal(&self, place: usize) -> bool {
        self.namespaces[place].kind == NamespaceKind::Personal
    }

    /// Whether a namespace names persons; one that nobody declared does not.
    pub fn names_persons(&self, namespace: &str) -> bool {
        self.namespaces()
            .any(|known| *known.name == *namespace && known.kind == NamespaceKind::Personal)
    }

    /// Places of the limited namespaces in the order of priority, with their limits.
    pub(super) fn limited(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let limit = |place: usize| Some((place, self.namespaces[place].limit? as usize));
        self.by_rank.iter().filter_map(move |place| limit(*place))
    }

    /// The namespaces that name places of their own, and their own places.
    pub(super) fn declared(&self) -> impl Iterator<Item = (usize, &Namespace)> {
        self.declared.iter().map(|place| (*place, self.at(*place)))
    }

    fn rank(&mut self) {
        let mut declared: Vec<usize> = (0..self.namespaces.len()).collect();
        declared.retain(|place| !self.namespaces[*place].from.is_empty());
        declared.sort_by(|a, b| self.namespaces[*a].name.cmp(&self.namespaces[*b].name));
        self.declared = declared;
        let mut by_rank: Vec<usize> = (0..self.namespaces.len()).collect();
        by_rank.sort_by_key(|place| self.namespaces[*place].rank());
        self.ranks = vec![0; by_rank.len()];
        by_rank.iter().enumerate().for_each(|(rank, place)| self.ranks[*place] = rank);
        self.by_rank = by_rank;
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::standard()
    }
}

impl Namespace {
    /// The order of priority: personal before carriers, then the standard's tiers.
    fn rank(&self) -> (NamespaceKind, u8, u32, Text) {
        let tier = match (self.kind, self.priority, &*self.name) {
            (NamespaceKind::Personal, None, USER_ID) => 0,
            (NamespaceKind::Personal, None, "loyalty_id") => 1,
            (NamespaceKind::Personal, None, EMAIL) => 3,
            (NamespaceKind::Personal, None, PHONE) => 4,
            (NamespaceKind::Personal, ..) => 2,
            (NamespaceKind::Carrier, None, ANONYMOUS_ID) => 0,
            (NamespaceKind::Carrier, None, DEVICE_ID) => 1,
            (NamespaceKind::Carrier, None, "cookie") => 2,
            (NamespaceKind::Carrier, ..) => 3,
        };
        (self.kind, tier, self.priority.unwrap_or(u32::MAX), self.name.clone())
    }

    /// A value as this namespace writes it; empty if nothing is left.
    pub(super) fn normal<'a>(&self, value: &'a str) -> Cow<'a, str> {
        match &*self.name {
            EMAIL => lower(value),
            PHONE => phone(value),
            _ => trimmed(value),
        }
    }

    /// Whether a normal value names nobody.
    pub(super) fn blocks(&self, value: &str) -> bool {
        let Blocked { values, pattern } = &self.blocked;
        values.iter().any(|blocked| self.normal(blocked) == value)
            || pattern.as_ref().is_some_and(|pattern| pattern.finds(value))
    }
}

/// The text itself where normalising changed nothing, so that nothing is copied.
pub(super) fn shared(given: &Text, normal: Cow<'_, str>) -> Text {
    if **given == *normal { given.clone() } else { normal.into() }
}

fn trimmed(value: &str) -> Cow<'_, str> {
    match nfc(value.trim()) {
        Cow::Borrowed(same) => Cow::Borrowed(same),
        Cow::Owned(changed) => Cow::Owned(changed.trim().to_owned()),
    }
}

fn lower(value: &str) -> Cow<'_, str> {
    let value = trimmed(value);
    if value.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return value;
    }
    // Lower case of a composed letter may come apart again.
    Cow::Owned(nfc(&value.to_lowercase()).into_owned())
}

fn phone(value: &str) -> Cow<'_, str> {
    let value = value.trim();
    let digits = value.strip_prefix('+').unwrap_or(value);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(value);
    }
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let plus = if value.starts_with('+') && !digits.is_empty() { "+" } else { "" };
    Cow::Owned(format!("{plus}{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(name: &str, kind: NamespaceKind, priority: Option<u32>) -> Namespace {
        let (from, blocked) = (Vec::new(), vec!["0".into(), "Unknown".into()].into());
        Namespace { name: name.into(), kind, priority, limit: None, from, blocked }
    }

    fn normal(policy: &Policy, text: &str) -> Option<String> {
        policy.normalise(&text.parse().unwrap()).map(|identifier| identifier.to_string())
    }

    #[test]
    fn a_value_is_written_as_its_namespace_says() {
        let policy = Policy::standard();
        for (given, kept) in [
            ("email:  ADA@Example.ORG", "email:ada@example.org"),
            ("email:A\u{308}@x", "email:\u{e4}@x"),
            ("phone:+421 (905) 12-34", "phone:+4219051234"),
            ("phone:0905/1234", "phone:09051234"),
            ("user_id: A\u{301} ", "user_id:\u{c1}"),
        ] {
            assert_eq!(normal(&policy, given).as_deref(), Some(kept));
        }
        for nothing in ["email:  ", "phone:+", "phone:none", "nobody_declared:1"] {
            assert_eq!(normal(&policy, nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_normal_value_is_its_own_normal_form() {
        let policy = Policy::standard();
        for value in
            [" \u{130}stanbul@X ", "\u{3000}ſ@K", "++ 1 2", "é\u{327}", "\u{1e9e}@\u{2126}"]
        {
            for namespace in policy.namespaces() {
                let once = namespace.normal(value).into_owned();
                assert_eq!(namespace.normal(&once), once, "{} {value}", namespace.name);
            }
        }
    }

    #[test]
    fn declared_namespaces_stand_between_loyalty_and_email() {
        let mut policy = Policy::standard();
        policy.declare(declared("crm", NamespaceKind::Personal, Some(2)));
        policy.declare(declared("abo", NamespaceKind::Personal, Some(2)));
        policy.declare(declared("tv", NamespaceKind::Carrier, None));
        policy.declare(declared("p", NamespaceKind::Personal, Some(0)));
        let mut names: Vec<&Namespace> = policy.namespaces().collect();
        names.sort_by_key(|namespace| namespace.rank());
        let names: Vec<&str> = names.iter().map(|namespace| &*namespace.name).collect();
        assert_eq!(
            names.join(" "),
            "user_id loyalty_id abo crm email phone anonymous_id device_id cookie tv"
        );
    }

    #[test]
    fn a_blocked_value_names_nobody_however_it_is_written() {
        let mut policy = Policy::standard();
        policy.declare(declared("email", NamespaceKind::Personal, None));
        assert_eq!(normal(&policy, "email:UNKNOWN"), None);
        assert_eq!(normal(&policy, "email: 0"), None);
        assert!(normal(&policy, "email:00").is_some());
    }
}
