//! `explain sql for DIALECT ...`: what is explained, said in SQL.

use super::resolver::Resolver;
use super::statement::Resolved;
use crate::lang::tree::{self, Explained, ReportKind, StatementKind};
use crate::lang::{Code, Diagnostic, Span};
use crate::model::Timestamp;
use crate::query::AsOf;
use crate::query::sql::{Compiled, Dialect, Refused, compile};

impl Resolver<'_> {
    pub(super) fn explain_sql(
        &mut self,
        dialect: &tree::Name,
        what: &Explained,
    ) -> Option<Resolved> {
        let Some(engine) = Dialect::named(&dialect.node) else {
            let message = format!("there is no SQL for `{}`", dialect.node);
            let names = Dialect::ALL.map(|dialect| format!("`{dialect}`"));
            return self.refuse(
                Diagnostic::error(Code::Dialect, dialect.span, message)
                    .help(format!("name one of {}", names.join(", "))),
            );
        };
        let now = self.asked_at(what)?;
        let (explanation, span) = (self.explained(what)?, span_of(what));
        let Some(compiled) = Compiled::of(&explanation) else {
            return self.not_in_sql(&Refused::new("a kind of identifier"), span);
        };
        match compile(compiled, now, engine) {
            Ok(sql) => Some(Resolved::Sql(sql)),
            Err(refused) => self.not_in_sql(&refused, span),
        }
    }

    fn not_in_sql(&mut self, refused: &Refused, span: Span) -> Option<Resolved> {
        self.refuse(
            Diagnostic::error(Code::NotInSql, span, refused.to_string())
                .help("`throng explain E0320` names what is not"),
        )
    }

    /// The instant of a report that names one, else now.
    fn asked_at(&mut self, what: &Explained) -> Option<Timestamp> {
        let Explained::Statement(statement) = what else { return Some(self.now) };
        match &statement.kind {
            StatementKind::Report(tree::Report { kind: ReportKind::Members { .. }, .. }) => self
                .not_in_sql(&Refused::new("what was announced"), statement.span)
                .map(|_| self.now),
            StatementKind::Report(report) => {
                let (_, as_of) = self.report(report)?;
                Some(match as_of {
                    AsOf::Now => self.now,
                    AsOf::Hindsight(at) | AsOf::Known(at) => at,
                })
            }
            _ => Some(self.now),
        }
    }
}

fn span_of(what: &Explained) -> Span {
    match what {
        Explained::Audience(name) => name.span,
        Explained::Statement(statement) => statement.span,
    }
}
