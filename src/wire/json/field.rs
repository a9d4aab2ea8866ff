//! The keys at the top of a call.

/// A key that has a meaning of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Type,
    MessageId,
    UserId,
    AnonymousId,
    PreviousId,
    GroupId,
    Channel,
    Source,
    Event,
    Name,
    Category,
    Purpose,
    Granted,
    Suppress,
    Timestamp,
    Original,
    SentAt,
    Expires,
    Ord,
    Properties,
    Traits,
    Context,
    /// What senders add for their own server: keys, versions, what was received elsewhere.
    Ignored,
}

impl Field {
    /// The field of that key; none if the key means nothing here.
    pub(super) fn of(key: &str) -> Option<Field> {
        Some(match key {
            "type" => Field::Type,
            "messageId" => Field::MessageId,
            "userId" => Field::UserId,
            "anonymousId" => Field::AnonymousId,
            "previousId" => Field::PreviousId,
            "groupId" => Field::GroupId,
            "channel" => Field::Channel,
            "source" => Field::Source,
            "event" => Field::Event,
            "name" => Field::Name,
            "category" => Field::Category,
            "purpose" => Field::Purpose,
            "granted" => Field::Granted,
            "suppress" => Field::Suppress,
            "timestamp" => Field::Timestamp,
            "originalTimestamp" => Field::Original,
            "sentAt" => Field::SentAt,
            "expiresAt" => Field::Expires,
            "ord" => Field::Ord,
            "properties" => Field::Properties,
            "traits" => Field::Traits,
            "context" => Field::Context,
            "writeKey" | "_metadata" | "receivedAt" | "version" | "projectId" => Field::Ignored,
            _ => return None,
        })
    }

    /// The key.
    pub(super) fn key(self) -> &'static str {
        match self {
            Field::Type => "type",
            Field::MessageId => "messageId",
            Field::UserId => "userId",
            Field::AnonymousId => "anonymousId",
            Field::PreviousId => "previousId",
            Field::GroupId => "groupId",
            Field::Channel => "channel",
            Field::Source => "source",
            Field::Event => "event",
            Field::Name => "name",
            Field::Category => "category",
            Field::Purpose => "purpose",
            Field::Granted => "granted",
            Field::Suppress => "suppress",
            Field::Timestamp => "timestamp",
            Field::Original => "originalTimestamp",
            Field::SentAt => "sentAt",
            Field::Expires => "expiresAt",
            Field::Ord => "ord",
            Field::Properties => "properties",
            Field::Traits => "traits",
            Field::Context => "context",
            Field::Ignored => "writeKey",
        }
    }

    /// Whether a call that has it cannot do without.
    pub(super) fn is_needed(self) -> bool {
        matches!(
            self,
            Field::Type
                | Field::Event
                | Field::Purpose
                | Field::Granted
                | Field::GroupId
                | Field::PreviousId
        )
    }

    /// Its place in a set of fields.
    pub(super) fn bit(self) -> u32 {
        1 << self as u32
    }
}
