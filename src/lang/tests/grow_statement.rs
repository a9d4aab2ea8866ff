//! Statements and reports, grown from a seed.

use super::grow::{Grower, NOWHERE, at};
use crate::lang::Spanned;
use crate::lang::tree::*;
use crate::model::{FixedUnit, Party, Pattern, Text, Unit};

const DEFINITIONS: [Kind; 6] =
    [Kind::Audience, Kind::Trait, Kind::Condition, Kind::List, Kind::Experiment, Kind::Model];

impl Grower {
    pub fn statement(&mut self) -> Statement {
        let kind = match self.below(19) {
            18 => self.create_model(),
            14 => self.create_condition(),
            15 => self.create_set(),
            16 => self.change(),
            17 => StatementKind::ForgetEvent(self.text()),
            0 | 1 => self.create(),
            2 => self.create_trait(),
            3 => StatementKind::Drop(self.pick(&DEFINITIONS), self.name()),
            4 => StatementKind::Declare(self.declare()),
            5 => StatementKind::Link(self.text(), self.text()),
            6 => StatementKind::Unlink(self.text(), self.text()),
            7 => StatementKind::Forget { profile: self.text(), suppress: self.one_in(2) },
            8 => StatementKind::Set(self.ident(), at(self.literal())),
            9 => self.looking(),
            10 => self.why(),
            11 => self.explain(),
            _ => StatementKind::Report(self.report()),
        };
        let comments =
            self.some(0, |g| g.pick(&["", "why", "  indented", "-- \"twice", "é;"]).into());
        Statement { kind, span: NOWHERE, comments }
    }

    fn create(&mut self) -> StatementKind {
        let params = self.params();
        let (replace, name) = (self.one_in(3), self.name());
        let options = self.some(0, Grower::option);
        self.in_params(!params.is_empty(), |g| {
            let (lets, people) = (g.some(0, Grower::let_), g.people());
            StatementKind::CreateAudience { replace, name, params, options, lets, people }
        })
    }

    fn create_trait(&mut self) -> StatementKind {
        let params = self.params();
        let (replace, name) = (self.one_in(3), self.ident());
        let declared = self.maybe(Grower::type_name);
        let options = self.some(0, Grower::option);
        self.in_params(!params.is_empty(), |g| {
            let (lets, value) = (g.some(0, Grower::let_), g.value());
            StatementKind::CreateTrait { replace, name, params, declared, options, lets, value }
        })
    }

    fn create_condition(&mut self) -> StatementKind {
        let params = self.params();
        let (replace, name) = (self.one_in(3), self.ident());
        self.in_params(!params.is_empty(), |g| {
            let condition = g.condition();
            StatementKind::CreateCondition { replace, name, params, condition }
        })
    }

    /// Of parameters the first is always `$p`.
    fn params(&mut self) -> Vec<Parameter> {
        let n = self.pick(&[0, 0, 1, 2]);
        let mut param = |name: &str| Parameter {
            name: at(name.into()),
            of: self.type_name(),
            default: self.maybe(|g| at(g.literal())),
        };
        ["p", "q"].iter().take(n).map(|name| param(name)).collect()
    }

    fn let_(&mut self) -> Let {
        Let { name: self.ident(), value: self.value() }
    }

    fn create_set(&mut self) -> StatementKind {
        let (replace, name) = (self.one_in(3), self.name());
        if self.one_in(2) {
            let TypeName::ListOf(of) = self.type_name().node else {
                return StatementKind::CreateList { replace, name, of: at(ElementType::Text) };
            };
            return StatementKind::CreateList { replace, name, of: at(of) };
        }
        let variants = self.some(1, |g| Variant { name: g.text(), share: g.share() });
        StatementKind::CreateExperiment { replace, name, variants }
    }

    fn change(&mut self) -> StatementKind {
        match self.below(4) {
            0 => {
                let elements = self.some(1, Grower::text);
                StatementKind::ChangeList { adds: self.one_in(2), elements, list: self.name() }
            }
            1 => StatementKind::Freeze { audience: self.name(), list: self.name() },
            2 => StatementKind::Rename(self.pick(&DEFINITIONS), self.name(), self.name()),
            _ => StatementKind::Pause { resumes: self.one_in(2), audience: self.name() },
        }
    }

    fn create_model(&mut self) -> StatementKind {
        let source = match self.one_in(2) {
            true => ModelSource::File(self.text()),
            false => ModelSource::Text(self.text()),
        };
        StatementKind::CreateModel {
            replace: self.one_in(3),
            name: self.name(),
            version: at(self.pick(&[0, 3, u64::MAX])),
            source,
        }
    }

    fn option(&mut self) -> AudienceOption {
        match self.below(3) {
            0 => AudienceOption::Zone(self.timezone()),
            1 => AudienceOption::HoldingOut { share: self.share(), name: self.text() },
            _ => AudienceOption::Requiring(self.text()),
        }
    }

    fn timezone(&mut self) -> Spanned<TimeZone> {
        if self.one_in(2) {
            return at(TimeZone::Theirs);
        }
        let name = self.text();
        Spanned::new(TimeZone::Named(name.node), name.span)
    }

    fn type_name(&mut self) -> Spanned<TypeName> {
        use TypeName::*;
        let elements = [
            ElementType::Text,
            ElementType::Number,
            ElementType::Bool,
            ElementType::Date,
            ElementType::Instant,
            ElementType::Duration,
            ElementType::Ip,
            ElementType::Geo,
            ElementType::Version,
            ElementType::Id,
        ];
        let plain = [Text, Number, Bool, Date, Instant, Duration, Ip, Geo, Version, Id];
        let list = self.one_in(2);
        at(if list { ListOf(self.pick(&elements)) } else { self.pick(&plain) })
    }

    fn currency(&mut self) -> Option<Currency> {
        match self.below(4) {
            0 => Some(Currency::Code(self.text())),
            1 => Some(Currency::At(self.path())),
            _ => None,
        }
    }

    fn declare(&mut self) -> Declare {
        match self.below(4) {
            0 => {
                let property = self.maybe(|g| (g.some(1, Grower::ident), g.type_name()));
                let currency = property.is_some().then(|| self.currency()).flatten();
                Declare::Event { name: self.name(), property, currency }
            }
            1 => {
                let (name, declared) = (self.ident(), self.type_name());
                Declare::Attribute { name, declared, currency: self.currency() }
            }
            2 => Declare::Source {
                name: self.name(),
                party: self.pick(&[Party::First, Party::Third]),
            },
            _ => Declare::Identifier {
                name: self.ident(),
                kind: self.pick(&[
                    None,
                    Some(IdentifierKind::Personal),
                    Some(IdentifierKind::Carrier),
                ]),
                priority: self.maybe(|g| at(g.pick(&[0, u32::MAX]))),
                limit: self.maybe(|g| g.pick(&[None, Some(1)])),
                from: self.texts(),
                blocking: self.blocking(),
            },
        }
    }

    fn blocking(&mut self) -> Blocking {
        if self.one_in(2) {
            return Blocking::Values(self.texts());
        }
        let written = self.pick(&["/x/", r"/^a\/b$/i", "//", r"/[^\/]*é/"]);
        Blocking::Pattern(at(Pattern::new(written).unwrap()))
    }

    fn texts(&mut self) -> Vec<Spanned<Text>> {
        self.some(0, Grower::text)
    }

    fn looking(&mut self) -> StatementKind {
        let shown = [
            Shown::Audiences,
            Shown::Traits,
            Shown::Events,
            Shown::Attributes,
            Shown::Identifiers,
            Shown::Conditions,
            Shown::Lists,
            Shown::Experiments,
            Shown::Models,
        ];
        let kinds = [&DEFINITIONS[..], &[Kind::Event, Kind::Attribute, Kind::Identifier]].concat();
        match self.below(5) {
            4 => StatementKind::Watch {
                audience: self.name(),
                from: self.maybe(|g| g.below(100)),
                columns: self.some(0, Grower::path),
                settled: self.maybe(Grower::length),
            },
            3 => StatementKind::DescribeProfile {
                profile: self.text(),
                as_of: self.maybe(Grower::as_of),
            },
            0 => StatementKind::Show { shown: self.pick(&shown), like: self.maybe(Grower::text) },
            1 => StatementKind::Describe(self.pick(&kinds), self.name()),
            _ => StatementKind::Verify(self.name()),
        }
    }

    fn why(&mut self) -> StatementKind {
        StatementKind::Why {
            profile: self.text(),
            negated: self.one_in(2),
            audience: self.name(),
            as_of: self.maybe(Grower::as_of),
        }
    }

    fn explain(&mut self) -> StatementKind {
        let inner = match self.below(6) {
            0 => {
                let what = Explained::Audience(self.name());
                return self.explained(what);
            }
            1 => self.create(),
            2 => self.create_trait(),
            3 => StatementKind::Declare(self.declare()),
            4 => self.create_condition(),
            _ => StatementKind::Report(self.report()),
        };
        let statement = Statement { kind: inner, span: NOWHERE, comments: Vec::new() };
        let what = Explained::Statement(Box::new(statement));
        self.explained(what)
    }

    fn explained(&mut self, what: Explained) -> StatementKind {
        match self.one_in(3) {
            true => StatementKind::ExplainSql { dialect: self.ident(), what },
            false => StatementKind::Explain { cost: self.one_in(2), what },
        }
    }

    fn as_of(&mut self) -> AsOf {
        AsOf { at: self.instant(), hindsight: self.one_in(2), span: NOWHERE }
    }

    fn report(&mut self) -> Report {
        let kind = match self.below(11) {
            0 => {
                ReportKind::CountPeople { people: self.people(), group: self.maybe(Grower::group) }
            }
            1 => ReportKind::CountEvents {
                matcher: self.matcher(),
                window: self.maybe(Grower::window),
                people: self.maybe(Grower::people),
                group: self.maybe(Grower::group),
            },
            2 => ReportKind::Total {
                columns: self.some(1, Grower::total),
                people: self.maybe(Grower::people),
                group: self.maybe(Grower::group),
            },
            3 => ReportKind::List {
                columns: self
                    .some(1, |g| Column { value: g.value(), name: g.maybe(Grower::ident) }),
                people: self.people(),
                sort: self.maybe(|g| Sort { value: g.value(), descending: g.one_in(2) }),
                limit: self.maybe(|g| g.below(100)),
            },
            4 => ReportKind::Trend {
                columns: self.some(1, Grower::total),
                per: self.per(),
                window: self.maybe(Grower::window),
                people: self.maybe(Grower::people),
                group: self.maybe(Grower::group),
            },
            5 => ReportKind::Retention {
                of: Box::new(self.matcher()),
                returning: Box::new(self.matcher()),
                per: self.per(),
                n_periods: self.below(100),
                window: self.maybe(Grower::window),
                people: self.maybe(Grower::people),
                group: self.maybe(Grower::group),
            },
            8 => self.funnel(),
            9 => ReportKind::Forecast {
                audience: self.name(),
                per: self.maybe(Grower::per),
                length: self.maybe(Grower::length),
            },
            6 => ReportKind::Overlap { audiences: self.some(2, Grower::name) },
            7 => {
                let kind = ReportKind::Members { audience: self.name(), at: self.instant() };
                return Report { kind, as_of: None, zone: None };
            }
            _ => ReportKind::Timeline {
                profile: self.text(),
                window: self.maybe(Grower::window),
                limit: self.maybe(|g| g.below(100)),
            },
        };
        Report { kind, as_of: self.maybe(Grower::as_of), zone: self.maybe(Grower::timezone) }
    }

    fn funnel(&mut self) -> ReportKind {
        let sequence = Box::new(self.sequence());
        // A length with such a window right behind it is another window.
        let hangs =
            |window: &Window| matches!(window.kind, WindowKind::Before(_) | WindowKind::After(_));
        let window = self.maybe(Grower::window);
        let window = window.filter(|window| sequence.total.is_none() || !hangs(window));
        let (people, group) = (self.maybe(Grower::people), self.maybe(Grower::group));
        ReportKind::Funnel { sequence, window, people, group }
    }

    fn total(&mut self) -> Column {
        let kind = ValueKind::Aggregate(Box::new(self.aggregate()));
        Column { value: Value { kind, span: NOWHERE }, name: self.maybe(Grower::ident) }
    }

    fn per(&mut self) -> Spanned<Unit> {
        let fixed = [FixedUnit::Millisecond, FixedUnit::Hour, FixedUnit::Day, FixedUnit::Week];
        let calendar = [Unit::Month, Unit::Quarter, Unit::Year];
        at(if self.one_in(2) { Unit::Fixed(self.pick(&fixed)) } else { self.pick(&calendar) })
    }

    fn group(&mut self) -> Group {
        Group { by: self.some(1, Grower::value), top: self.maybe(|g| g.below(100)) }
    }
}
