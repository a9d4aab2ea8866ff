//! Statements: what defines, changes or asks something.

use super::super::{Span, Spanned};
use super::{
    AsOf, Condition, ElementType, Length, Let, Literal, Name, Parameter, People, Report, TimeZone,
    TypeName, Value, ValuePath, Variant,
};
use crate::model::{Decimal, Party, Pattern, Text};

/// One statement and where it stands.
///
/// ```
/// use throng::lang::{Span, parse, tree::Statement};
/// let parsed = parse("-- Who came back.\nverify audience returned;");
/// let statement: &Statement = &parsed.statements[0];
/// assert_eq!(statement.comments, ["Who came back."]);
/// assert_eq!(statement.span, Span::new(18, 42));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it says.
    pub kind: StatementKind,
    /// Where it stands, without the `;` behind it.
    pub span: Span,
    /// The comment block directly above it, without its dashes, line by line.
    pub comments: Vec<String>,
}

/// What a statement says.
///
/// ```
/// use throng::lang::{parse, tree::{Shown, StatementKind}};
/// let parsed = parse("show events like \"order\"");
/// let StatementKind::Show { shown, like } = &parsed.statements[0].kind else { panic!() };
/// assert_eq!((*shown, like.as_ref().map(|like| &*like.node)), (Shown::Events, Some("order")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// `create [or replace] audience NAME [params] options is lets people ...`.
    CreateAudience {
        /// Whether one of that name may be there.
        replace: bool,
        /// Its name.
        name: Name,
        /// What may be given where it is used.
        params: Vec<Parameter>,
        /// Zone and consent gates, in the order written.
        options: Vec<AudienceOption>,
        /// Names for values, of use inside it.
        lets: Vec<Let>,
        /// Who belongs to it.
        people: People,
    },
    /// `create [or replace] trait NAME [params] [: TYPE] is lets VALUE`.
    CreateTrait {
        /// Whether one of that name may be there.
        replace: bool,
        /// Its name.
        name: Name,
        /// What may be given where it is used.
        params: Vec<Parameter>,
        /// The type that was written.
        declared: Option<Spanned<TypeName>>,
        /// The zone of its local days.
        options: Vec<AudienceOption>,
        /// Names for values, of use inside it.
        lets: Vec<Let>,
        /// What it computes.
        value: Value,
    },
    /// `create [or replace] model NAME version N from "FILE"`, or `is "TEXT"`.
    CreateModel {
        /// Whether that version may be there.
        replace: bool,
        /// Its name.
        name: Name,
        /// Which version.
        version: Spanned<u64>,
        /// What it is.
        source: ModelSource,
    },
    /// `create [or replace] condition NAME [params] is CONDITION`.
    CreateCondition {
        /// Whether one of that name may be there.
        replace: bool,
        /// Its name.
        name: Name,
        /// What may be given where it is used.
        params: Vec<Parameter>,
        /// What must hold.
        condition: Condition,
    },
    /// `create [or replace] list NAME of TYPE`.
    CreateList {
        /// Whether one of that name may be there.
        replace: bool,
        /// Its name.
        name: Name,
        /// The type of its elements.
        of: Spanned<ElementType>,
    },
    /// `create [or replace] experiment "NAME" is ("A" 50%, "B" 50%)`.
    CreateExperiment {
        /// Whether one of that name may be there.
        replace: bool,
        /// Its name, by which people are drawn.
        name: Name,
        /// Its variants, in the order in which they take their shares.
        variants: Vec<Variant>,
    },
    /// `add "x", "y" to list NAME`, `remove "x" from list NAME`.
    ChangeList {
        /// Whether the elements come; else they go.
        adds: bool,
        /// The elements, as they are written.
        elements: Vec<Spanned<Text>>,
        /// Of which list.
        list: Name,
    },
    /// `freeze audience A as list L`.
    Freeze {
        /// Whose members.
        audience: Name,
        /// The list that holds them from then on.
        list: Name,
    },
    /// `rename KIND A to B`.
    Rename(Kind, Name, Name),
    /// `pause audience NAME`, `resume audience NAME`.
    Pause {
        /// `resume`.
        resumes: bool,
        /// Which.
        audience: Name,
    },
    /// `drop KIND NAME`.
    Drop(Kind, Name),
    /// `declare ...`.
    Declare(Declare),
    /// `link A with B`.
    Link(Spanned<Text>, Spanned<Text>),
    /// `unlink A from B`.
    Unlink(Spanned<Text>, Spanned<Text>),
    /// `forget profile R [and suppress]`.
    Forget {
        /// Whom.
        profile: Spanned<Text>,
        /// Whether later facts are refused too.
        suppress: bool,
    },
    /// `forget event "message-id"`.
    ForgetEvent(Spanned<Text>),
    /// `set KEY = VALUE`.
    Set(Name, Spanned<Literal>),
    /// `show audiences [like "..."]`.
    Show {
        /// What is listed.
        shown: Shown,
        /// Only names that hold this text.
        like: Option<Spanned<Text>>,
    },
    /// `describe audience NAME`.
    Describe(Kind, Name),
    /// `describe profile R [as of ...]`.
    DescribeProfile {
        /// Who.
        profile: Spanned<Text>,
        /// When, unless now.
        as_of: Option<AsOf>,
    },
    /// `verify audience NAME`.
    Verify(Name),
    /// `watch audience NAME [from N] [with PATH, ...] [settled for SPAN]`.
    Watch {
        /// Which audience.
        audience: Name,
        /// From which record on; without it, from the first.
        from: Option<u64>,
        /// What is shown of each person.
        columns: Vec<ValuePath>,
        /// How long it must hold before it is told.
        settled: Option<Length>,
    },
    /// `why is profile R [not] in audience NAME [as of ...]`.
    Why {
        /// Who.
        profile: Spanned<Text>,
        /// Whether the asker thinks that they are not in.
        negated: bool,
        /// In which audience.
        audience: Name,
        /// When, unless now.
        as_of: Option<AsOf>,
    },
    /// `explain [cost] STATEMENT | audience NAME`.
    Explain {
        /// Whether the cost is asked for.
        cost: bool,
        /// Of what.
        what: Explained,
    },
    /// `explain sql for DIALECT STATEMENT | audience NAME`.
    ExplainSql {
        /// Which engine of SQL it is for.
        dialect: Name,
        /// What is said in SQL.
        what: Explained,
    },
    /// A report: a question about many people, or a timeline.
    Report(Report),
}

impl StatementKind {
    /// Whether it only asks: it changes nothing and looks at nothing that is kept.
    ///
    /// ```
    /// use throng::lang::parse;
    /// let parsed = parse("count everyone; declare event order; verify audience vip");
    /// let kinds = parsed.statements.iter().map(|statement| statement.kind.is_question());
    /// assert!(kinds.eq([true, false, false]));
    /// ```
    pub fn is_question(&self) -> bool {
        matches!(
            self,
            StatementKind::Report(_)
                | StatementKind::Why { .. }
                | StatementKind::Watch { .. }
                | StatementKind::Show { .. }
                | StatementKind::Describe(..)
                | StatementKind::DescribeProfile { .. }
                | StatementKind::Explain { .. }
                | StatementKind::ExplainSql { .. }
        )
    }
}

/// What `explain` explains.
///
/// ```
/// use throng::lang::{parse, tree::{Explained, StatementKind}};
/// let parsed = parse("explain audience lapsed; explain count everyone");
/// let what = |place: usize| match &parsed.statements[place].kind {
///     StatementKind::Explain { what, .. } => what,
///     other => panic!("{other:?}"),
/// };
/// assert!(matches!(what(0), Explained::Audience(name) if &*name.node == "lapsed"));
/// assert!(matches!(what(1), Explained::Statement(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explained {
    /// An audience that exists.
    Audience(Name),
    /// A definition or a report that stands in the text.
    Statement(Box<Statement>),
}

/// An option of an audience or a trait.
///
/// ```
/// use throng::lang::{parse, tree::{AudienceOption, StatementKind}};
/// let parsed = parse("create audience a requiring consent for \"email\" is everyone");
/// let StatementKind::CreateAudience { options, .. } = &parsed.statements[0].kind else { panic!() };
/// assert!(matches!(&options[0], AudienceOption::Requiring(purpose) if &*purpose.node == "email"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AudienceOption {
    /// `in timezone "Europe/Prague"`, `in their timezone`.
    Zone(Spanned<TimeZone>),
    /// `requiring consent for "email"`.
    Requiring(Spanned<Text>),
    /// `holding out 5% as "global"`.
    HoldingOut {
        /// How much of everybody: 1 is all.
        share: Spanned<Decimal>,
        /// The name of the holdout.
        name: Spanned<Text>,
    },
}

/// `declare ...`.
///
/// ```
/// use throng::lang::{parse, tree::{Blocking, Declare, ElementType, IdentifierKind, StatementKind, TypeName}};
/// let parsed = parse("declare identifier tv: carrier blocking (\"0\"); declare attribute tags: list of text");
/// let declared = |place: usize| match &parsed.statements[place].kind {
///     StatementKind::Declare(declared) => declared,
///     other => panic!("{other:?}"),
/// };
/// let Declare::Identifier { kind, blocking, .. } = declared(0) else { panic!() };
/// assert_eq!(*kind, Some(IdentifierKind::Carrier));
/// assert!(matches!(blocking, Blocking::Values(values) if &*values[0].node == "0"));
/// let Declare::Attribute { declared, .. } = declared(1) else { panic!() };
/// assert_eq!(declared.node, TypeName::ListOf(ElementType::Text));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declare {
    /// `declare event NAME [.path: TYPE]`.
    Event {
        /// Its name.
        name: Name,
        /// A property of it and its type: keys from the event inwards.
        property: Option<(Vec<Name>, Spanned<TypeName>)>,
        /// Of what currency its amounts are.
        currency: Option<Currency>,
    },
    /// `declare attribute NAME: TYPE`.
    Attribute {
        /// Its name.
        name: Name,
        /// Its type.
        declared: Spanned<TypeName>,
        /// Of what currency its amounts are.
        currency: Option<Currency>,
    },
    /// `declare identifier NAME [: personal | carrier] ...`.
    Identifier {
        /// The namespace.
        name: Name,
        /// `personal` unless said otherwise.
        kind: Option<IdentifierKind>,
        /// `priority 2`.
        priority: Option<Spanned<u32>>,
        /// `limit 1` or `limit none`.
        limit: Option<Option<u32>>,
        /// `from "traits.crm.id", ...`: where a call carries it.
        from: Vec<Spanned<Text>>,
        /// `blocking ...`: values that name nobody.
        blocking: Blocking,
    },
    /// `declare source NAME first party`.
    Source {
        /// Its name.
        name: Name,
        /// Whose data it sends.
        party: Party,
    },
}

/// Of which currency amounts are.
///
/// ```
/// use throng::lang::{parse, tree::{Currency, Declare, StatementKind}};
/// let parsed = parse("declare event order.total: number currency \"EUR\"");
/// let StatementKind::Declare(Declare::Event { currency, .. }) = &parsed.statements[0].kind else {
///     panic!()
/// };
/// assert!(matches!(currency, Some(Currency::Code(code)) if &*code.node == "EUR"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Currency {
    /// `currency "EUR"`.
    Code(Spanned<Text>),
    /// `currency PATH`: the property beside it that holds the code.
    At(ValuePath),
}

/// Values of an identifier that name nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocking {
    /// `blocking ("0", "unknown")`: these; none, where nothing is said.
    Values(Vec<Spanned<Text>>),
    /// `blocking /^0+$/`: those in which it is found.
    Pattern(Spanned<Pattern>),
}

impl Default for Blocking {
    fn default() -> Blocking {
        Blocking::Values(Vec::new())
    }
}

/// Whether a namespace names persons or things that persons hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum IdentifierKind {
    Personal,
    Carrier,
}

/// Where a model stands.
///
/// ```
/// use throng::lang::{parse, tree::{ModelSource, StatementKind}};
/// let parsed = parse("create model churn version 3 from \"churn-3.json\"");
/// let StatementKind::CreateModel { source, .. } = &parsed.statements[0].kind else { panic!() };
/// assert!(matches!(source, ModelSource::File(path) if &*path.node == "churn-3.json"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelSource {
    /// In a file, which is read where the text is written.
    File(Spanned<Text>),
    /// In the text.
    Text(Spanned<Text>),
}

/// What `drop` and `describe` name.
///
/// ```
/// use throng::lang::{parse, tree::{Kind, StatementKind}};
/// let parsed = parse("drop trait spent");
/// assert!(matches!(&parsed.statements[0].kind, StatementKind::Drop(Kind::Trait, _)));
/// assert_eq!(Kind::Trait.word(), "trait");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Kind {
    Audience,
    Trait,
    Event,
    Attribute,
    Identifier,
    Model,
    Condition,
    List,
    Experiment,
}

/// What `show` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Shown {
    Audiences,
    Traits,
    Events,
    Attributes,
    Identifiers,
    Models,
    Conditions,
    Lists,
    Experiments,
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Audience => "audience",
            Kind::Trait => "trait",
            Kind::Event => "event",
            Kind::Attribute => "attribute",
            Kind::Identifier => "identifier",
            Kind::Model => "model",
            Kind::Condition => "condition",
            Kind::List => "list",
            Kind::Experiment => "experiment",
        }
    }
}
