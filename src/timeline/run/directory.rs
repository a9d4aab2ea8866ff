//! What is where: the runs of a chunk and slice, their groups, and the bounds
//! of each stripe, so that a read touches only what it must.

use crate::model::{Stream, Timestamp};
use crate::timeline::bytes::{Reader, put_signed, put_text, put_varint};
use crate::timeline::pages::PageKey;
use crate::timeline::slice::Slice;
use crate::timeline::wanted::Wanted;

/// Rows of one chunk and slice that were sealed or merged together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number; no two runs ever have the same.
    pub number: u32,
    pub chunk: u32,
    pub slice: Slice,
    pub groups: Vec<Group>,
}

/// The rows of one stream, or of all that have no group of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The stream; none in the group of the rare ones.
    pub stream: Option<Stream>,
    /// Which streams the group may hold.
    pub names: Names,
    /// By their first rows, ascending.
    pub stripes: Vec<Bounds>,
}

/// Where a stripe lies and what it spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Its first page in the group.
    pub page: u32,
    pub n_pages: u16,
    pub n_rows: u32,
    /// First and last origin.
    pub origins: (u32, u32),
    /// Least and greatest `when`.
    pub whens: (Timestamp, Timestamp),
}

/// Names that may be there: 256 bits, three for each name; false alarms cost a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Names([u64; 4]);

impl Names {
    pub fn insert(&mut self, stream: &Stream) {
        for bit in bits_of(stream) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }

    pub fn may_have(&self, stream: &Stream) -> bool {
        bits_of(stream).iter().all(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1)
    }
}

/// By FNV-1a: the bits are kept, so the hash may never change.
fn bits_of(stream: &Stream) -> [usize; 3] {
    let (kind, name) = match stream {
        Stream::Events(name) => (0, &**name),
        Stream::Identify => (1, ""),
        Stream::Group => (2, ""),
        Stream::Alias => (3, ""),
        Stream::Consent => (4, ""),
    };
    let bytes = std::iter::once(kind).chain(name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    [0, 16, 32].map(|shift| (hash >> shift) as usize & 255)
}

impl Run {
    pub fn n_rows(&self) -> u64 {
        self.stripes().map(|stripe| u64::from(stripe.n_rows)).sum()
    }

    pub fn stripes(&self) -> impl Iterator<Item = &Bounds> {
        self.groups.iter().flat_map(|group| &group.stripes)
    }

    /// The keys of all its pages.
    pub fn pages(&self) -> impl Iterator<Item = PageKey> + '_ {
        self.groups.iter().enumerate().flat_map(move |(group, content)| {
            let stripes = content.stripes.iter();
            stripes.flat_map(|stripe| stripe.page..stripe.page + u32::from(stripe.n_pages)).map(
                move |page| PageKey {
                    chunk: self.chunk,
                    run: self.number,
                    group: group as u32,
                    page,
                },
            )
        })
    }

    /// Least and greatest `when`; none of a run without rows.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let spans = self.stripes().map(|stripe| stripe.whens);
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    pub fn memory(&self) -> usize {
        let groups = self.groups.iter();
        96 + groups.map(|group| 120 + 48 * group.stripes.len()).sum::<usize>()
    }
}

impl Group {
    /// Whether rows of a wanted stream may lie here.
    pub fn may_have(&self, wanted: &Wanted<'_>) -> bool {
        match (wanted, &self.stream) {
            (Wanted::All, _) => true,
            (Wanted::Streams(streams), Some(own)) => streams.contains(own),
            (Wanted::Streams(streams), None) => {
                streams.iter().any(|stream| self.names.may_have(stream))
            }
        }
    }
}

impl Bounds {
    /// Whether a row with `from <= when < to` may lie here.
    pub fn overlaps(&self, from: Timestamp, to: Option<Timestamp>) -> bool {
        from <= self.whens.1 && to.is_none_or(|to| self.whens.0 < to)
    }

    /// Whether every row here has `from <= when < to`.
    pub fn lies_in(&self, from: Timestamp, to: Option<Timestamp>) -> bool {
        from <= self.whens.0 && to.is_none_or(|to| self.whens.1 < to)
    }
}

/// The runs of one chunk and slice as bytes.
pub fn runs_to_bytes(runs: &[std::sync::Arc<Run>]) -> Vec<u8> {
    let mut out = vec![VERSION];
    put_varint(&mut out, runs.len() as u64);
    for run in runs {
        put_varint(&mut out, run.number.into());
        put_varint(&mut out, run.groups.len() as u64);
        run.groups.iter().for_each(|group| put_group(&mut out, group));
    }
    out
}

const VERSION: u8 = 1;

/// The runs that [`runs_to_bytes`] wrote for that chunk and slice.
pub fn runs_from_bytes(chunk: u32, slice: Slice, bytes: &[u8]) -> Option<Vec<Run>> {
    let mut reader = Reader::new(bytes);
    if reader.byte()? != VERSION {
        return None;
    }
    let n_runs = reader.count(2)?;
    let run = |_| {
        let number = u32::try_from(reader.varint()?).ok()?;
        let n_groups = reader.count(35)?;
        let groups = (0..n_groups).map(|_| read_group(&mut reader)).collect::<Option<_>>()?;
        Some(Run { number, chunk, slice, groups })
    };
    let runs = (0..n_runs).map(run).collect::<Option<_>>()?;
    reader.is_empty().then_some(runs)
}

fn put_group(out: &mut Vec<u8>, group: &Group) {
    match &group.stream {
        None => out.push(0),
        Some(stream) => {
            out.push(1);
            put_stream(out, stream);
        }
    }
    group.names.0.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
    put_varint(out, group.stripes.len() as u64);
    for stripe in &group.stripes {
        let (first, last) = stripe.whens;
        let whole = [stripe.page, stripe.n_pages.into(), stripe.n_rows, stripe.origins.0];
        whole.iter().for_each(|number| put_varint(out, u64::from(*number)));
        put_varint(out, u64::from(stripe.origins.1 - stripe.origins.0));
        put_signed(out, first.millis());
        put_varint(out, last.since(first) as u64);
    }
}

fn read_group(reader: &mut Reader<'_>) -> Option<Group> {
    let stream = match reader.byte()? {
        0 => None,
        1 => Some(read_stream(reader)?),
        _ => return None,
    };
    let mut names = Names::default();
    for word in &mut names.0 {
        *word = u64::from_le_bytes(reader.take(8)?.try_into().ok()?);
    }
    let n_stripes = reader.count(7)?;
    let stripes = (0..n_stripes).map(|_| read_bounds(reader)).collect::<Option<_>>()?;
    Some(Group { stream, names, stripes })
}

fn read_bounds(reader: &mut Reader<'_>) -> Option<Bounds> {
    let mut number = || u32::try_from(reader.varint()?).ok();
    let (page, n_pages, n_rows) = (number()?, u16::try_from(number()?).ok()?, number()?);
    let (first_origin, distance) = (number()?, number()?);
    let origins = (first_origin, first_origin.checked_add(distance)?);
    let first = Timestamp::from_millis(reader.signed()?)?;
    let distance = i64::try_from(reader.varint()?).ok()?;
    let last = Timestamp::from_millis(first.millis().checked_add(distance)?)?;
    page.checked_add(n_pages.into())?;
    Some(Bounds { page, n_pages, n_rows, origins, whens: (first, last) })
}

pub fn put_stream(out: &mut Vec<u8>, stream: &Stream) {
    match stream {
        Stream::Events(name) => {
            out.push(0);
            put_text(out, name);
        }
        Stream::Identify => out.push(1),
        Stream::Group => out.push(2),
        Stream::Alias => out.push(3),
        Stream::Consent => out.push(4),
    }
}

pub fn read_stream(reader: &mut Reader<'_>) -> Option<Stream> {
    Some(match reader.byte()? {
        0 => Stream::Events(reader.text()?.into()),
        1 => Stream::Identify,
        2 => Stream::Group,
        3 => Stream::Alias,
        4 => Stream::Consent,
        _ => return None,
    })
}
