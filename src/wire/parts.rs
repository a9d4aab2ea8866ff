//! The parts of a call as they were written, and the call that they make.
//!
//! JSON and CSV both end here, so that a rule is written once.

use super::calls::{Defaults, Forget, Incoming, Verb};
use super::reject::{Reason, Reject};
use super::texts::check_name;
use crate::model::limits::LEAVES_PER_EVENT_MAX;
use crate::model::{Body, Call, CallKind, EventId, Object, Text, Timestamp, Value};

/// What a call may say, as far as it was said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub verb: Option<Verb>,
    /// Empty without one; the room that it takes serves call after call.
    pub message_id: String,
    pub user_id: Option<Text>,
    pub anonymous_id: Option<Text>,
    pub previous_id: Option<Text>,
    pub group_id: Option<Text>,
    pub channel: Option<Text>,
    pub source: Option<Text>,
    pub event: Option<Text>,
    pub name: Option<Text>,
    pub category: Option<Text>,
    pub purpose: Option<Text>,
    pub granted: Option<bool>,
    pub suppress: Option<bool>,
    pub timestamp: Option<Timestamp>,
    pub original: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    pub ord: i64,
    pub properties: Option<Object>,
    pub traits: Option<Object>,
    pub context: Option<Object>,
    pub extra: Vec<(Text, Value)>,
}

impl Parts {
    /// Nothing is said.
    pub(crate) fn clear(&mut self) {
        let mut message_id = std::mem::take(&mut self.message_id);
        message_id.clear();
        *self = Parts { message_id, ..Parts::default() };
    }

    /// The call that these parts make; nothing of it stays here.
    pub(crate) fn finish(&mut self, defaults: &Defaults) -> Result<Incoming, Reject> {
        let verb = self.verb.or(defaults.verb).ok_or_else(no_type)?;
        if let Some(path) = defaults.verb.filter(|path| defaults.only && *path != verb) {
            return Err(two_types(verb, path));
        }
        let source = self.source.take().unwrap_or_else(|| defaults.source.clone());
        let message = Some(&*self.message_id).filter(|message| !message.is_empty());
        let id = message.map(|message| EventId::of_message(&source, message));
        let when = self.when(defaults)?;
        let mut context = merged(self.context.take(), &defaults.context);
        self.check_leaves(&context, defaults)?;
        let body = match verb {
            Verb::Call(kind) => self.body(kind, &mut context)?,
            Verb::Forget => self.identify(&mut context),
        };
        let suppress = self.suppress.take();
        let call = Call {
            body,
            id,
            when,
            ord: self.ord,
            source,
            channel: self.channel.take(),
            user_id: self.user_id.take(),
            anonymous_id: self.anonymous_id.take(),
            context,
            extra: self.extra(&defaults.integrations)?,
        };
        Ok(match verb {
            Verb::Call(_) => Incoming::Call(call),
            Verb::Forget => {
                Incoming::Forget(Forget { names: call, suppress: suppress.unwrap_or(false) })
            }
        })
    }

    /// When it happened. A request is corrected by what the sender's clock was
    /// off; in a file `timestamp` is what the first receiver made of it.
    fn when(&self, defaults: &Defaults) -> Result<Option<Timestamp>, Reject> {
        let Some(received) = defaults.received else {
            return Ok(self.timestamp.or(self.original));
        };
        let Some(said) = self.original.or(self.timestamp) else { return Ok(None) };
        let Some(sent) = self.sent_at.or(defaults.sent_at) else { return Ok(Some(said)) };
        let corrected = received.millis() - sent.since(said);
        Timestamp::from_millis(corrected).map(Some).ok_or_else(|| {
            let message = format!("{said}, sent at {sent}, lies outside the years 1 to 9999");
            Reject::new(Reason::TimeOutOfRange, message, "set the sender's clock")
        })
    }

    /// What an envelope adds counts as well; the call's own was counted as it was read.
    fn check_leaves(&self, context: &Object, defaults: &Defaults) -> Result<(), Reject> {
        if defaults.context.is_empty() && defaults.integrations.is_empty() {
            return Ok(());
        }
        let parts = [self.properties.as_ref(), self.traits.as_ref(), Some(context)];
        let objects: usize = parts.into_iter().flatten().map(leaves_of).sum();
        let extra: usize = self.extra.iter().map(|(_, value)| leaves(value)).sum();
        if objects + extra + leaves_of(&defaults.integrations) > LEAVES_PER_EVENT_MAX {
            return Err(too_many_leaves());
        }
        Ok(())
    }

    fn body(&mut self, kind: CallKind, context: &mut Object) -> Result<Body, Reject> {
        Ok(match kind {
            CallKind::Track => Body::Track {
                event: named(kind, "event", self.event.take())?,
                properties: self.properties.take().unwrap_or_default(),
            },
            CallKind::Page => Body::Page { properties: self.viewed() },
            CallKind::Screen => Body::Screen { properties: self.viewed() },
            CallKind::Identify => self.identify(context),
            CallKind::Group => Body::Group {
                group_id: given(kind, "groupId", self.group_id.take())?,
                traits: self.traits.take().unwrap_or_default(),
            },
            CallKind::Alias => {
                Body::Alias { previous: given(kind, "previousId", self.previous_id.take())? }
            }
            CallKind::Consent => Body::Consent {
                purpose: named(kind, "purpose", self.purpose.take())?,
                granted: given(kind, "granted", self.granted.take())?,
                expires: self.expires.take(),
            },
        })
    }

    /// The properties of a page or screen, with its name among them.
    fn viewed(&mut self) -> Object {
        let mut properties = self.properties.take().unwrap_or_default();
        for (key, text) in [("name", self.name.take()), ("category", self.category.take())] {
            if let Some(text) = text {
                properties.insert(key.into(), Value::Text(text));
            }
        }
        properties
    }

    /// The union of `traits` and `context.traits`, top level first. What it
    /// holds does not stay in the context as well.
    fn identify(&mut self, context: &mut Object) -> Body {
        let mut traits = self.traits.take().unwrap_or_default();
        if let Some(Value::Object(under)) = context.remove("traits") {
            let mut rest = Object::default();
            for (key, value) in under {
                match traits.get(&key) {
                    None => drop(traits.insert(key, value)),
                    Some(known) if *known == value => {}
                    Some(_) => drop(rest.insert(key, value)),
                }
            }
            if !rest.is_empty() {
                context.insert("traits".into(), Value::Object(rest));
            }
        }
        Body::Identify { traits }
    }

    /// Everything that has no meaning in a call of this kind, kept for the
    /// policy of identity, which may point at it.
    fn extra(&mut self, integrations: &Object) -> Result<Object, Reject> {
        let texts = [
            ("event", self.event.take()),
            ("name", self.name.take()),
            ("category", self.category.take()),
            ("groupId", self.group_id.take()),
            ("previousId", self.previous_id.take()),
            ("purpose", self.purpose.take()),
        ];
        let objects = [("properties", self.properties.take()), ("traits", self.traits.take())];
        let texts = texts.into_iter().filter_map(|(key, text)| Some((key, Value::Text(text?))));
        let objects =
            objects.into_iter().filter_map(|(key, object)| Some((key, Value::Object(object?))));
        let mut extra = std::mem::take(&mut self.extra);
        extra.extend(texts.chain(objects).map(|(key, value)| (Text::from(key), value)));
        let mut extra = Object::new(extra).map_err(|repeated| repeated_key(&repeated.0))?;
        if !integrations.is_empty() {
            let own = match extra.remove("integrations") {
                Some(Value::Object(own)) => Some(own),
                _ => None,
            };
            extra.insert("integrations".into(), Value::Object(merged(own, integrations)));
        }
        Ok(extra)
    }
}

/// An object laid over another: its own fields win, objects are joined field by field.
fn merged(own: Option<Object>, under: &Object) -> Object {
    let mut own = own.unwrap_or_default();
    for (key, value) in under.iter() {
        match (own.get(key), value) {
            (None, _) => drop(own.insert(key.clone(), value.clone())),
            (Some(Value::Object(_)), Value::Object(under)) => {
                let inner = match own.remove(key) {
                    Some(Value::Object(inner)) => Some(inner),
                    _ => None,
                };
                own.insert(key.clone(), Value::Object(merged(inner, under)));
            }
            (Some(_), _) => {}
        }
    }
    own
}

fn leaves_of(object: &Object) -> usize {
    object.iter().map(|(_, value)| leaves(value)).sum()
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(object) => leaves_of(object).max(1),
        Value::List(items) => items.iter().map(leaves).sum::<usize>().max(1),
        _ => 1,
    }
}

pub(crate) fn too_many_leaves() -> Reject {
    let message = format!("the call has more than {LEAVES_PER_EVENT_MAX} values");
    Reject::new(Reason::TooManyLeaves, message, "send fewer, or several calls")
}

pub(crate) fn repeated_key(key: &str) -> Reject {
    let message = format!("the key `{key}` occurs twice in one object");
    Reject::new(Reason::RepeatedKey, message, "keep one of the two")
}

fn no_type() -> Reject {
    let message = "the call has no `type`";
    let remedy =
        "add one of track, identify, page, screen, group, alias, consent, forget as `type`";
    Reject::new(Reason::UnknownType, message, remedy)
}

fn two_types(said: Verb, path: Verb) -> Reject {
    let (said, path) = (said.name(), path.name());
    let message = format!("the call says `\"type\":\"{said}\"` and was sent to `{path}`");
    let remedy = format!("send it to `/v1/{said}`, or leave `type` out");
    Reject::new(Reason::UnknownType, message, remedy)
}

fn given<T>(kind: CallKind, key: &str, part: Option<T>) -> Result<T, Reject> {
    part.ok_or_else(|| {
        let article = if matches!(kind, CallKind::Identify | CallKind::Alias) { "an" } else { "a" };
        let message = format!("{article} {} call needs `{key}`", kind.name());
        Reject::new(Reason::MissingField, message, format!("add `{key}`"))
    })
}

fn named(kind: CallKind, key: &str, part: Option<Text>) -> Result<Text, Reject> {
    let name = given(kind, key, part)?;
    check_name(key, &name)?;
    Ok(name)
}
