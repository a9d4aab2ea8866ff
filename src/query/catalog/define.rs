//! Definitions that come, change and go; nothing is half-applied.

use super::change::{Change, Key};
use super::definition::{AudienceEntry, Definition, TraitEntry};
use super::{Catalog, DeclaredIdentifier};
use crate::lang::tree::{self, AudienceOption, Kind, Name, People, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, Span, Spanned};
use crate::model::limits::NAME_BYTES_MAX;
use crate::model::{Step, Text, Timestamp};
use crate::query::predicate::Audience;
use crate::query::resolve::{self, BUILT_IN, Names, meant_audience, written};
use std::sync::Arc;

/// What a definition has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defined {
    /// The audiences that are new or mean something else, each after those that it uses.
    pub changed: Vec<Arc<Audience>>,
    /// The audiences that are gone.
    pub dropped: Vec<Text>,
    /// The namespace of identifiers that was declared.
    pub identifier: Option<DeclaredIdentifier>,
    /// What happened, in a line.
    pub message: String,
    /// What is odd about the text.
    pub warnings: Vec<Diagnostic>,
}

/// What comes of a definition: what has changed, or why nothing has.
pub(super) type Done = Result<Defined, Vec<Diagnostic>>;

impl Catalog {
    /// Takes a definition, a declaration, a setting or their end into the
    /// catalog. On an error nothing has changed.
    ///
    /// ```
    /// use throng::lang::parse;
    /// use throng::model::Timestamp;
    /// use throng::query::catalog::Catalog;
    ///
    /// let mut catalog = Catalog::default();
    /// for text in ["declare event order", "create audience buyers is people who did order"] {
    ///     catalog.define(&parse(text).statements[0], Timestamp::EPOCH).unwrap();
    /// }
    /// assert_eq!(catalog.audience("buyers").unwrap().version, 1);
    /// ```
    pub fn define(&mut self, statement: &Statement, at: Timestamp) -> Done {
        self.define_with(statement, at, Names::Checked)
    }

    /// The same for a definition that was accepted before: the facts that made
    /// its names known may have been forgotten since.
    pub fn define_again(&mut self, statement: &Statement, at: Timestamp) -> Done {
        self.define_with(statement, at, Names::Assumed)
    }

    fn define_with(&mut self, statement: &Statement, at: Timestamp, names: Names) -> Done {
        let mut next = self.clone();
        let defined = next.apply(statement, at, names)?;
        *self = next;
        Ok(defined)
    }

    fn apply(&mut self, statement: &Statement, at: Timestamp, names: Names) -> Done {
        match &statement.kind {
            StatementKind::CreateAudience { replace, name, options, people } => {
                self.create_audience(statement, *replace, name, options, people, at, names)
            }
            StatementKind::CreateTrait { replace, name, declared, options, value } => {
                self.may_create(&Key::Trait(name.node.clone()), *replace, name)?;
                self.may_be_trait(name, names)?;
                let outcome =
                    resolve::trait_value(self, declared.as_ref(), options, value, at, names);
                self.create_trait(statement, name, outcome, at)
            }
            StatementKind::CreateModel { .. } => self.create_model(statement, at, names),
            StatementKind::Drop(kind, name) => self.drop_definition(*kind, name),
            StatementKind::Declare(declare) => self.declare(declare, statement.span, at),
            StatementKind::Set(key, value) => self.set(key, value, at),
            _ => Err(vec![Diagnostic::error(
                Code::Syntax,
                statement.span,
                "this statement defines nothing",
            )]),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "they are the parts of the statement")]
    fn create_audience(
        &mut self,
        statement: &Statement,
        replace: bool,
        name: &Name,
        options: &[AudienceOption],
        people: &People,
        at: Timestamp,
        names: Names,
    ) -> Done {
        let key = Key::Audience(name.node.clone());
        self.may_create(&key, replace, name)?;
        let outcome = resolve::audience(self, options, people, at, names);
        let Some(found) = outcome.result else { return Err(outcome.diagnostics) };
        self.may_not_cycle(&key, &outcome.uses, name)?;
        if names == Names::Checked {
            self.may_look_for(&found.condition, name)?;
        }
        let fresh = Definition::new(statement, outcome.uses, at);
        let earlier = self.definitions.audiences.get(&name.node);
        let same = earlier.is_some_and(|earlier| {
            earlier.audience.condition == found.condition && earlier.audience.zone == found.zone
        });
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let audience = Arc::new(Audience {
            name: name.node.clone(),
            version: definition.version,
            condition: found.condition,
            zone: found.zone,
        });
        let message = done(&key, &definition, earlier.is_some(), same);
        let entry = AudienceEntry { audience: audience.clone(), definition, size: outcome.size };
        Arc::make_mut(&mut self.definitions).audiences.insert(name.node.clone(), entry);
        let mut defined = Defined { message, warnings: outcome.diagnostics, ..Defined::default() };
        if !same {
            defined.changed.push(audience);
            defined.changed.extend(self.derive_again(change_of(key), name.span, at)?);
        }
        Ok(defined)
    }

    fn create_trait(
        &mut self,
        statement: &Statement,
        name: &Name,
        outcome: resolve::Outcome<resolve::TraitValue>,
        at: Timestamp,
    ) -> Done {
        let key = Key::Trait(name.node.clone());
        let Some(found) = outcome.result else { return Err(outcome.diagnostics) };
        self.may_not_cycle(&key, &outcome.uses, name)?;
        let fresh = Definition::new(statement, outcome.uses, at);
        let earlier = self.definitions.traits.get(&name.node);
        let same = earlier
            .is_some_and(|earlier| earlier.value == found.expr && earlier.kinds == found.kinds);
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let message = done(&key, &definition, earlier.is_some(), same);
        let entry = TraitEntry {
            name: name.node.clone(),
            value: found.expr,
            definition,
            kinds: found.kinds,
            elements: found.elements,
            motion: found.motion,
            size: outcome.size,
        };
        Arc::make_mut(&mut self.definitions).traits.insert(name.node.clone(), entry);
        let changed =
            if same { Vec::new() } else { self.derive_again(change_of(key), name.span, at)? };
        Ok(Defined { changed, message, warnings: outcome.diagnostics, ..Defined::default() })
    }

    pub(super) fn may_create(
        &self,
        key: &Key,
        replace: bool,
        name: &Name,
    ) -> Result<(), Vec<Diagnostic>> {
        if name.node.is_empty() || name.node.len() > NAME_BYTES_MAX {
            let message =
                format!("a name has 1 to {NAME_BYTES_MAX} bytes, this one has {}", name.node.len());
            return Err(vec![Diagnostic::error(Code::Syntax, name.span, message)]);
        }
        match self.definition(key) {
            Some(_) if !replace => Err(vec![
                Diagnostic::error(
                    Code::NameTaken,
                    name.span,
                    format!("{} is there already", key.words()),
                )
                .help("`create or replace` takes its place"),
            ]),
            _ => Ok(()),
        }
    }

    /// A trait and an attribute of one name could not be told apart.
    fn may_be_trait(&self, name: &Name, names: Names) -> Result<(), Vec<Diagnostic>> {
        let steps = [Step::Key(name.node.clone())];
        let taken = BUILT_IN.contains(&&*name.node)
            || (names == Names::Checked
                && !self.definitions.traits.contains_key(&name.node)
                && !self.facts.attributes().is_crowded()
                && self.knows_attribute(&steps));
        if !taken {
            return Ok(());
        }
        Err(vec![
            Diagnostic::error(
                Code::NameTaken,
                name.span,
                format!("`{}` is an attribute already", name.node),
            )
            .help("give the trait another name"),
        ])
    }

    pub(super) fn may_not_cycle(
        &self,
        key: &Key,
        uses: &super::Uses,
        name: &Spanned<Text>,
    ) -> Result<(), Vec<Diagnostic>> {
        let Some(path) = self.cycle(key, uses) else { return Ok(()) };
        let way: Vec<String> = path.iter().map(Key::words).collect();
        Err(vec![
            Diagnostic::error(Code::Cycle, name.span, format!("{} would need itself", key.words()))
                .help(format!("why: {}", way.join(" needs ")))
                .help("write out in one of them what it is to mean, without the other"),
        ])
    }

    fn drop_definition(&mut self, kind: Kind, name: &Name) -> Done {
        let key = match kind {
            Kind::Audience => Key::Audience(name.node.clone()),
            Kind::Trait => Key::Trait(name.node.clone()),
            Kind::Model => return self.drop_model(&name.node, name.span),
            Kind::Event | Kind::Attribute | Kind::Identifier => {
                return Err(vec![
                    Diagnostic::error(
                        Code::NotBuilt,
                        name.span,
                        "only audiences, traits and models can be dropped",
                    )
                    .help("a declaration is replaced by declaring the name again"),
                ]);
            }
        };
        if self.definition(&key).is_none() {
            return Err(vec![self.nothing_to_drop(&key, name)]);
        }
        self.may_drop(&key, name.span)?;
        let definitions = Arc::make_mut(&mut self.definitions);
        let mut defined =
            Defined { message: format!("{} dropped", key.words()), ..Defined::default() };
        match &key {
            Key::Audience(name) => {
                definitions.audiences.remove(name);
                defined.dropped.push(name.clone());
            }
            Key::Trait(name) => drop(definitions.traits.remove(name)),
            Key::Model(..) => {}
        }
        Ok(defined)
    }

    fn nothing_to_drop(&self, key: &Key, name: &Name) -> Diagnostic {
        let (code, known): (Code, Vec<&str>) = match key {
            Key::Audience(_) => {
                (Code::UnknownAudience, self.audiences().map(|found| &*found.name).collect())
            }
            Key::Trait(_) | Key::Model(..) => {
                (Code::UnknownName, self.traits().map(|found| &*found.name).collect())
            }
        };
        let found = Diagnostic::error(code, name.span, format!("{} does not exist", key.words()));
        if matches!(key, Key::Audience(_)) && !known.is_empty() {
            return found.help(meant_audience(&name.node, &known));
        }
        match crate::lang::nearest(&name.node, known.into_iter().map(|name| (name, 0))) {
            Some(meant) => found.help(format!("did you mean `{meant}`?")),
            None => found,
        }
    }

    pub(super) fn may_drop(&self, key: &Key, span: Span) -> Result<(), Vec<Diagnostic>> {
        let users: Vec<String> = self.users_of(key).iter().map(Key::words).collect();
        if users.is_empty() {
            return Ok(());
        }
        Err(vec![
            Diagnostic::error(Code::InUse, span, format!("{} is in use", key.words()))
                .help(format!("why: it is named by {}", users.join(", ")))
                .help("drop or change these first"),
        ])
    }
}

/// The definition after what was there before; an equal meaning is no new version.
pub(super) fn succeed(fresh: Definition, earlier: Option<&Definition>, same: bool) -> Definition {
    match earlier {
        Some(earlier) if same => Definition {
            version: earlier.version,
            created: earlier.created,
            changed: earlier.changed,
            ..fresh
        },
        Some(earlier) => fresh.after(earlier),
        None => fresh,
    }
}

pub(super) fn done(key: &Key, definition: &Definition, was_there: bool, same: bool) -> String {
    match (was_there, same) {
        (_, true) => format!("{} means the same as before", key.words()),
        (true, _) => format!("{} replaced, version {}", key.words(), definition.version),
        (false, _) => format!("{} created", key.words()),
    }
}

pub(super) fn change_of(key: Key) -> Change {
    Change { keys: [key].into(), ..Change::default() }
}

/// The name of an event or attribute in a message.
pub(super) fn said(kind: &str, name: &tree::Name) -> String {
    format!("{kind} `{}` declared", name.node)
}

/// The same with the type that was said of it.
pub(super) fn typed(kind: &str, name: &str, declared: tree::TypeName) -> String {
    format!("{kind} `{name}` declared as {}", written(declared))
}
