//! Trees to text: one canonical layout, which reads back as the same tree.
//!
//! Parentheses, noise words and spaces are not in the tree; they are placed by
//! rule. What is printed twice is printed the same.

mod condition;
mod name;
mod pattern;
mod rank;
mod report;
mod statement;
mod value;
mod window;

use super::tree;

/// A statement in its canonical form, without the `;` behind it.
///
/// ```
/// use throng::lang;
/// let parsed = lang::parse("create audience a is people did order in last 90d and country is \"SK\"");
/// assert_eq!(
///     lang::print(&parsed.statements[0]),
///     "create audience a is\n  people who did order in last 90 days\n  and country = \"SK\""
/// );
/// ```
pub fn print(statement: &tree::Statement) -> String {
    statement::statement(statement)
}

/// A value in its canonical form; also the name of a column that has no other.
///
/// ```
/// use throng::lang::{self, tree::{ReportKind, StatementKind}};
/// let parsed = lang::parse("list  ( sum(order:total)+1 ) of everyone");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::List { columns, .. } = &report.kind else { panic!() };
/// assert_eq!(lang::print_value(&columns[0].value), "sum(order: total) + 1");
/// ```
pub fn print_value(value: &tree::Value) -> String {
    value::value(value)
}

/// A text in quotes.
///
/// ```
/// assert_eq!(throng::lang::print_text("a \"b\""), "\"a \\\"b\\\"\"");
/// ```
pub fn print_text(text: &str) -> String {
    name::text(text)
}

/// `everyone` or `people ...` on one line.
///
/// ```
/// use throng::lang::{self, tree::StatementKind};
/// let parsed = lang::parse("create audience a is PEOPLE who did order and plan is \"gold\"");
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// assert_eq!(lang::print_people(people), "people who did order and plan = \"gold\"");
/// ```
pub fn print_people(people: &tree::People) -> String {
    condition::people(people, " ")
}

/// Which events, on one line.
///
/// ```
/// use throng::lang::{self, tree::{ReportKind, StatementKind}};
/// let parsed = lang::parse("count events ANY of (order,visit)");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { matcher, .. } = &report.kind else { panic!() };
/// assert_eq!(lang::print_matcher(matcher), "any of (order, visit)");
/// ```
pub fn print_matcher(matcher: &tree::Matcher) -> String {
    condition::matcher(matcher)
}

/// A condition on one line.
///
/// ```
/// use throng::lang::{self, tree::StatementKind};
/// let parsed = lang::parse("create audience a is people who did order in last 2w and did visit");
/// let StatementKind::CreateAudience { people, .. } = &parsed.statements[0].kind else { panic!() };
/// let condition = people.condition.as_ref().unwrap();
/// assert_eq!(lang::print_condition(condition), "did order in last 2 weeks and did visit");
/// ```
pub fn print_condition(condition: &tree::Condition) -> String {
    condition::condition(condition)
}

/// A window.
///
/// ```
/// use throng::lang::{self, tree::{ReportKind, StatementKind}};
/// let parsed = lang::parse("count events order in last 90d");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::CountEvents { window: Some(window), .. } = &report.kind else { panic!() };
/// assert_eq!(lang::print_window(window), "in last 90 days");
/// ```
pub fn print_window(window: &tree::Window) -> String {
    window::window(window)
}

/// A length of time.
///
/// ```
/// use throng::lang::{Span, print_length, tree::Length};
/// use throng::model::Unit;
/// let length = Length { count: 3, unit: Unit::Month, span: Span::default() };
/// assert_eq!(print_length(&length), "3 months");
/// ```
pub fn print_length(length: &tree::Length) -> String {
    window::length(length)
}

/// The name of an event, an audience or a source, quoted where it must be.
///
/// ```
/// use throng::lang::print_name;
/// assert_eq!(print_name("order"), "order");
/// assert_eq!(print_name("Order Completed"), "\"Order Completed\"");
/// assert_eq!(print_name("first"), "`first`");
/// ```
pub fn print_name(name: &str) -> String {
    name::name(name)
}

#[cfg(test)]
mod tests;
