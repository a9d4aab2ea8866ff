//! What standing audiences may read of people.

use crate::model::{Event, Identifier, Ordinal, Stream, Text, Timestamp};
use crate::query::Parties;
use crate::query::scan::{Runner, one_by_one};
use crate::timeline::{Fields, Part};
pub use crate::timeline::{PageError, Wanted};

/// The people of a state, as they are at the state's instant.
pub trait Facts: Sync {
    /// Whether a visible fact is theirs.
    fn exists(&self, seat: Ordinal) -> bool;

    /// Every person with a fact, also those whose facts all lie ahead.
    fn each(&self, visit: &mut dyn FnMut(Ordinal));

    /// The person's calls of the wanted streams with `when >= from` in canonical
    /// order, those that lie ahead too.
    fn events(
        &self,
        seat: Ordinal,
        wanted: &Wanted<'_>,
        from: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError>;

    /// The pieces in which everybody's calls of the wanted streams lie, of each stream
    /// those since an instant and perhaps older ones.
    fn parts(&self, wanted: &Wanted<'_>, since: &dyn Fn(&Stream) -> Timestamp) -> Vec<Part> {
        let _ = (wanted, since);
        vec![Part::default()]
    }

    /// The calls of a piece that are of the wanted streams, those that lie ahead too, in
    /// no order, with the fields that are wanted or more. One who has much to read may
    /// know a faster way than person by person.
    fn each_event(
        &self,
        part: Part,
        (wanted, fields): (&Wanted<'_>, &Fields),
        visit: &mut dyn FnMut(Ordinal, &Event),
    ) -> Result<(), PageError> {
        let _ = (part, fields);
        let mut seats = Vec::new();
        self.each(&mut |seat| seats.push(seat));
        seats.into_iter().try_for_each(|seat| {
            self.events(seat, wanted, Timestamp::MIN, &mut |row| visit(seat, row))
        })
    }

    /// The user id that no alias has superseded.
    fn user_id(&self, seat: Ordinal) -> Option<Text>;

    /// Every identifier that names the person. Of people without names nobody is
    /// in a list.
    fn identifiers(&self, seat: Ordinal) -> Vec<Identifier> {
        let _ = seat;
        Vec::new()
    }

    /// How many jobs are done at once; one after the other, unless somebody has threads.
    fn run(&self) -> Runner<'_> {
        &one_by_one
    }

    /// Which sources are third parties.
    fn parties(&self) -> &Parties;
}
