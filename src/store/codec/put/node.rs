//! A column of values of any kind: the values that stand at one path.
//!
//! What kind each value has is one column; texts, numbers and the rest have
//! a column each; the fields of objects and the elements of lists are nodes
//! of their own below. Most nodes hold one kind, and that takes one byte.

use crate::model::{Object, Value, same};
use crate::store::codec::bytes::{put_number, put_text};
use crate::store::codec::ints;
use crate::store::codec::numbers::Numbers;
use crate::store::codec::seen::Seen;
use crate::store::codec::tag;
use crate::store::codec::texts::Texts;

/// Values at one path on their way out.
#[derive(Default)]
pub(in crate::store::codec) struct Node<'a> {
    forms: Vec<Form>,
    codes: Codes,
    code_of_tag: [Option<u32>; tag::N],
    shapes: Seen<Vec<u32>>,
    code_of_shape: Vec<u32>,
    last_shape: Option<u32>,
    texts: Texts<'a>,
    numbers: Numbers,
    ints: Vec<i64>,
    keys: Seen<&'a str>,
    fields: Vec<Node<'a>>,
    element: Option<Box<Node<'a>>>,
}

/// A kind of value; an object's says which fields it has.
struct Form {
    tag: u8,
    fields: Vec<u32>,
}

/// The form of each value; where there is only one, no more than how many they are.
#[derive(Default)]
struct Codes {
    n: usize,
    each: Vec<i64>,
}

impl Codes {
    fn push(&mut self, code: u32) {
        if code > 0 || !self.each.is_empty() {
            self.each.resize(self.n, 0);
            self.each.push(code.into());
        }
        self.n += 1;
    }
}

/// How many values may still be taken in, and how deep.
pub(in crate::store::codec) struct Room {
    pub(in crate::store::codec) values: usize,
    pub(in crate::store::codec) depth: usize,
}

impl Room {
    /// Goes one value down; none when there is no room.
    pub(super) fn enter(&mut self) -> Option<()> {
        self.values = self.values.checked_sub(1)?;
        self.depth = self.depth.checked_sub(1)?;
        Some(())
    }

    /// Comes up again.
    pub(super) fn leave(&mut self) {
        self.depth += 1;
    }
}

impl<'a> Node<'a> {
    /// One more value; none when there is no room for it.
    pub(in crate::store::codec) fn push(
        &mut self,
        value: &'a Value,
        room: &mut Room,
    ) -> Option<()> {
        match value {
            Value::Null => self.tag(tag::NULL),
            Value::Bool(false) => self.tag(tag::FALSE),
            Value::Bool(true) => self.tag(tag::TRUE),
            Value::Number(number) => {
                self.tag(tag::NUMBER);
                self.numbers.push(*number);
            }
            Value::Digits(digits) => self.text(tag::DIGITS, digits),
            Value::Text(text) => self.text(tag::TEXT, text),
            Value::Instant(at) => self.int(tag::INSTANT, at.millis()),
            Value::Date(day) => self.int(tag::DATE, day.days().into()),
            Value::Duration(ms) => self.int(tag::DURATION, *ms),
            Value::List(values) => return self.push_list(values, room),
            Value::Object(object) => return self.push_object(object, room),
        }
        room.values = room.values.checked_sub(1)?;
        Some(())
    }

    fn push_list(&mut self, values: &'a [Value], room: &mut Room) -> Option<()> {
        self.int(tag::LIST, values.len() as i64);
        room.enter()?;
        let element = self.element.get_or_insert_default();
        values.iter().try_for_each(|value| element.push(value, room))?;
        room.leave();
        Some(())
    }

    /// One more object.
    pub(in crate::store::codec) fn push_object(
        &mut self,
        object: &'a Object,
        room: &mut Room,
    ) -> Option<()> {
        room.enter()?;
        let code = self.shape(object);
        self.codes.push(code);
        for (place, (_, value)) in object.iter().enumerate() {
            let field = self.forms[code as usize].fields[place];
            self.fields[field as usize].push(value, room)?;
        }
        room.leave();
        Some(())
    }

    fn tag(&mut self, tag: u8) {
        let code = match self.code_of_tag[usize::from(tag)] {
            Some(code) => code,
            None => {
                let code = self.add_form(Form { tag, fields: Vec::new() });
                self.code_of_tag[usize::from(tag)] = Some(code);
                code
            }
        };
        self.codes.push(code);
    }

    fn text(&mut self, tag: u8, text: &'a str) {
        self.tag(tag);
        self.texts.push(text);
    }

    fn int(&mut self, tag: u8, number: i64) {
        self.tag(tag);
        self.ints.push(number);
    }

    /// The form of an object; most have the one of the object before.
    fn shape(&mut self, object: &'a Object) -> u32 {
        if let Some(code) = self.last_shape.filter(|code| self.has_shape(*code, object)) {
            return code;
        }
        let fields: Vec<u32> = object.iter().map(|(key, _)| self.field(key)).collect();
        let (place, is_new) = self.shapes.place(fields.clone());
        if is_new {
            let code = self.add_form(Form { tag: tag::OBJECT, fields });
            self.code_of_shape.push(code);
        }
        let code = self.code_of_shape[place];
        self.last_shape = Some(code);
        code
    }

    fn has_shape(&self, code: u32, object: &Object) -> bool {
        let fields = &self.forms[code as usize].fields;
        let mut pairs = fields.iter().zip(object.iter());
        fields.len() == object.len()
            && pairs.all(|(field, (key, _))| same(self.keys.things()[*field as usize], key))
    }

    fn field(&mut self, key: &'a str) -> u32 {
        let (field, is_new) = self.keys.place(key);
        if is_new {
            self.fields.push(Node::default());
        }
        field as u32
    }

    fn add_form(&mut self, form: Form) -> u32 {
        self.forms.push(form);
        self.forms.len() as u32 - 1
    }

    pub(in crate::store::codec) fn put(&self, out: &mut Vec<u8>) {
        self.put_forms(out);
        if self.forms.len() > 1 {
            ints::put(out, &self.codes.each);
        }
        self.texts.put(out);
        self.numbers.put(out);
        ints::put(out, &self.ints);
        if let Some(element) = self.element.as_ref().filter(|element| element.codes.n > 0) {
            element.put(out);
        }
        self.fields.iter().for_each(|field| field.put(out));
    }

    /// One byte for a node of one kind, otherwise the kinds after their number.
    fn put_forms(&self, out: &mut Vec<u8>) {
        if self.forms.len() != 1 {
            put_number(out, (tag::N + self.forms.len()) as u64);
        }
        self.forms.iter().for_each(|form| out.push(form.tag));
        let objects = self.forms.iter().filter(|form| form.tag == tag::OBJECT);
        if objects.clone().next().is_some() {
            put_number(out, self.keys.things().len() as u64);
            self.keys.things().iter().for_each(|key| put_text(out, key));
        }
        objects.for_each(|form| put_fields(out, &form.fields));
    }
}

/// The places of fields; those of the first object are all fields in order.
fn put_fields(out: &mut Vec<u8>, fields: &[u32]) {
    let in_order = fields.iter().enumerate().all(|(place, field)| place as u32 == *field);
    put_number(out, (fields.len() as u64) << 1 | u64::from(in_order));
    if !in_order {
        fields.iter().for_each(|field| put_number(out, (*field).into()));
    }
}
