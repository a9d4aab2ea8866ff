//! Reading what [`super::super::put`] wrote: columns first, then values one by one.

use crate::model::{Date, Decimal, Object, Text, Timestamp, Value};
use crate::store::codec::bytes::{Bytes, Malformed};
use crate::store::codec::tag::{self, DEPTH_MAX};
use crate::store::codec::{ints, numbers, texts};
use std::vec;

/// How many values may still be read: bytes that say little can stand for
/// many equal values, so the sum is bounded and not each count.
pub(in crate::store) struct Budget(pub(in crate::store) usize);

impl Budget {
    /// Takes `n` out of what is left.
    pub(in crate::store) fn spend(&mut self, n: usize) -> Result<(), Malformed> {
        self.0 = self.0.checked_sub(n).ok_or(Malformed("there are too many values"))?;
        Ok(())
    }
}

/// The values at one path, given out in order.
pub(in crate::store::codec) struct Node {
    forms: Vec<Form>,
    codes: Option<vec::IntoIter<i64>>,
    texts: vec::IntoIter<Text>,
    numbers: vec::IntoIter<Decimal>,
    ints: vec::IntoIter<i64>,
    keys: Vec<Text>,
    fields: Vec<Node>,
    element: Option<Box<Node>>,
}

struct Form {
    tag: u8,
    fields: Vec<u32>,
}

const SHORT: Malformed = Malformed("a column is shorter than its values");

impl Node {
    /// Reads the columns of `n` values and of all below them.
    pub(in crate::store::codec) fn read(
        bytes: &mut Bytes<'_>,
        n: usize,
        budget: &mut Budget,
        depth: usize,
    ) -> Result<Node, Malformed> {
        if depth > DEPTH_MAX + 1 {
            return Err(Malformed("values are nested too deep"));
        }
        budget.spend(n)?;
        let (forms, keys) = read_forms(bytes, budget)?;
        let codes = if forms.len() == 1 { None } else { Some(ints::read(bytes, n)?) };
        let counts = count_forms(&forms, codes.as_deref(), n)?;
        let of = |tags: &[u8]| -> usize {
            let pairs = forms.iter().zip(&counts);
            pairs.filter(|(form, _)| tags.contains(&form.tag)).map(|(_, n)| n).sum()
        };
        let texts = texts::read(bytes, of(&[tag::TEXT, tag::DIGITS]))?;
        let numbers = numbers::read(bytes, of(&[tag::NUMBER]))?;
        let with_int = [tag::INSTANT, tag::DATE, tag::DURATION, tag::LIST];
        let ints = ints::read(bytes, of(&with_int))?;
        let element = match n_elements(&forms, codes.as_deref(), &ints, budget)? {
            0 => None,
            n => Some(Box::new(Node::read(bytes, n, budget, depth + 1)?)),
        };
        let n_of_field = count_fields(&forms, &counts, keys.len())?;
        let read_field = |n: &usize| Node::read(bytes, *n, budget, depth + 1);
        let fields = n_of_field.iter().map(read_field).collect::<Result<_, _>>()?;
        Ok(Node {
            codes: codes.map(Vec::into_iter),
            texts: texts.into_iter(),
            numbers: numbers.into_iter(),
            ints: ints.into_iter(),
            forms,
            keys,
            fields,
            element,
        })
    }

    /// The next value.
    pub(in crate::store::codec) fn value(&mut self) -> Result<Value, Malformed> {
        let code = self.code()?;
        let int = |ints: &mut vec::IntoIter<i64>| ints.next().ok_or(SHORT);
        Ok(match self.forms[code].tag {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::NUMBER => Value::Number(self.numbers.next().ok_or(SHORT)?),
            tag::DIGITS => Value::Digits(self.texts.next().ok_or(SHORT)?),
            tag::TEXT => Value::Text(self.texts.next().ok_or(SHORT)?),
            tag::INSTANT => Value::Instant(instant(int(&mut self.ints)?)?),
            tag::DATE => Value::Date(date(int(&mut self.ints)?)?),
            tag::DURATION => Value::Duration(int(&mut self.ints)?),
            tag::LIST => self.list()?,
            _ => Value::Object(self.fields_of(code)?),
        })
    }

    /// The next value, which must be an object.
    pub(in crate::store::codec) fn object(&mut self) -> Result<Object, Malformed> {
        let code = self.code()?;
        match self.forms[code].tag {
            tag::OBJECT => self.fields_of(code),
            _ => Err(Malformed("a value stands where an object must")),
        }
    }

    /// The form of the next value; [`count_forms`] has checked every code.
    fn code(&mut self) -> Result<usize, Malformed> {
        match &mut self.codes {
            None => Ok(0),
            Some(codes) => codes.next().map(|code| code as usize).ok_or(SHORT),
        }
    }

    fn list(&mut self) -> Result<Value, Malformed> {
        let n = self.ints.next().ok_or(SHORT)?;
        let mut values = Vec::new();
        for _ in 0..n {
            values.push(self.element.as_mut().ok_or(SHORT)?.value()?);
        }
        Ok(Value::List(values))
    }

    fn fields_of(&mut self, code: usize) -> Result<Object, Malformed> {
        let places = &self.forms[code].fields;
        let mut fields = Vec::with_capacity(places.len());
        for place in places {
            let place = *place as usize;
            fields.push((self.keys[place].clone(), self.fields[place].value()?));
        }
        Object::new(fields).map_err(|_| Malformed("an object has a key twice"))
    }
}

type Forms = (Vec<Form>, Vec<Text>);

fn read_forms(bytes: &mut Bytes<'_>, budget: &mut Budget) -> Result<Forms, Malformed> {
    let first: usize = bytes.fit()?;
    let tags = match first.checked_sub(tag::N) {
        None => vec![first as u8],
        Some(n) => bytes.take(n)?.to_vec(),
    };
    if tags.iter().any(|tag| usize::from(*tag) >= tag::N) {
        return Err(Malformed("a value is of an unknown kind"));
    }
    let mut keys = Vec::new();
    if tags.contains(&tag::OBJECT) {
        let n_keys = bytes.count()?;
        for _ in 0..n_keys {
            keys.push(Text::from(bytes.text()?));
        }
    }
    let mut forms = Vec::new();
    for tag in tags {
        let fields = match tag {
            tag::OBJECT => read_fields(bytes, keys.len(), budget)?,
            _ => Vec::new(),
        };
        forms.push(Form { tag, fields });
    }
    Ok((forms, keys))
}

fn read_fields(
    bytes: &mut Bytes<'_>,
    n_keys: usize,
    budget: &mut Budget,
) -> Result<Vec<u32>, Malformed> {
    let head: usize = bytes.fit()?;
    let n = head >> 1;
    if n > n_keys {
        return Err(Malformed("an object has more fields than there are keys"));
    }
    budget.spend(n)?;
    if head & 1 == 1 {
        return Ok((0..n as u32).collect());
    }
    let mut fields = Vec::new();
    for _ in 0..n {
        let field: u32 = bytes.fit()?;
        if field as usize >= n_keys {
            return Err(Malformed("a field has no key"));
        }
        fields.push(field);
    }
    Ok(fields)
}

/// How often each form occurs.
fn count_forms(forms: &[Form], codes: Option<&[i64]>, n: usize) -> Result<Vec<usize>, Malformed> {
    let Some(codes) = codes else { return Ok(vec![n]) };
    let mut counts = vec![0; forms.len()];
    for code in codes {
        let count = usize::try_from(*code).ok().and_then(|code| counts.get_mut(code));
        *count.ok_or(Malformed("a value has no form"))? += 1;
    }
    Ok(counts)
}

/// How many values each field has.
fn count_fields(forms: &[Form], counts: &[usize], n_keys: usize) -> Result<Vec<usize>, Malformed> {
    let mut n_of_field = vec![0usize; n_keys];
    for (form, n) in forms.iter().zip(counts) {
        for field in &form.fields {
            let sum = n_of_field[*field as usize].checked_add(*n);
            n_of_field[*field as usize] = sum.ok_or(Malformed("there are too many values"))?;
        }
    }
    Ok(n_of_field)
}

/// How many elements all lists have; lengths stand among the other whole numbers.
fn n_elements(
    forms: &[Form],
    codes: Option<&[i64]>,
    ints: &[i64],
    budget: &Budget,
) -> Result<usize, Malformed> {
    let mut sum = 0usize;
    let mut add = |length: i64| {
        let length = usize::try_from(length).map_err(|_| Malformed("a length is below zero"))?;
        sum = sum.checked_add(length).filter(|sum| *sum <= budget.0).ok_or(SHORT)?;
        Ok(())
    };
    let is_list = |form: &Form| form.tag == tag::LIST;
    match codes {
        None if forms.iter().any(is_list) => ints.iter().try_for_each(|length| add(*length))?,
        None => {}
        Some(codes) => {
            let tags = codes.iter().map(|code| forms[*code as usize].tag);
            let with_int = tags.filter(|tag| (tag::INSTANT..=tag::LIST).contains(tag));
            let pairs = with_int.zip(ints).filter(|(tag, _)| *tag == tag::LIST);
            pairs.map(|(_, length)| *length).try_for_each(add)?;
        }
    }
    Ok(sum)
}

/// An instant of the years 1 to 9999.
pub(in crate::store) fn instant(ms: i64) -> Result<Timestamp, Malformed> {
    Timestamp::from_millis(ms).ok_or(Malformed("an instant is out of range"))
}

fn date(days: i64) -> Result<Date, Malformed> {
    let date = i32::try_from(days).ok().and_then(Date::from_days);
    date.ok_or(Malformed("a date is out of range"))
}
