//! The rows of a full block by their stream, so that who reads one stream of
//! many passes by the others.

/// Places of rows, those of a stream together and in their order.
#[derive(Clone, Debug, Default)]
pub struct ByStream {
    /// Each stream with where its places begin, ascending by stream.
    starts: Vec<(u32, u16)>,
    places: Vec<u16>,
}

impl ByStream {
    /// Of the rows of a block, which has fewer than 65,536.
    pub fn of(streams: &[u32]) -> ByStream {
        let mut places: Vec<u16> = (0..streams.len()).map(|place| place as u16).collect();
        places.sort_by_key(|place| streams[usize::from(*place)]);
        let mut starts: Vec<(u32, u16)> = Vec::new();
        for (at, place) in places.iter().enumerate() {
            let stream = streams[usize::from(*place)];
            if starts.last().is_none_or(|(last, _)| *last != stream) {
                starts.push((stream, at as u16));
            }
        }
        ByStream { starts, places }
    }

    /// The places of the rows whose stream is wanted.
    pub fn each(&self, wanted: &[bool], mut visit: impl FnMut(usize)) {
        for (n, (stream, start)) in self.starts.iter().enumerate() {
            if wanted.get(*stream as usize).is_some_and(|wanted| *wanted) {
                let end = self.starts.get(n + 1).map_or(self.places.len(), |next| next.1.into());
                let of_it = &self.places[usize::from(*start)..end];
                of_it.iter().for_each(|place| visit(usize::from(*place)));
            }
        }
    }

    pub fn memory(&self) -> usize {
        self.starts.capacity() * 8 + self.places.capacity() * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wanted_row_is_visited_once() {
        let streams = [3, 1, 3, 0, 1, 3];
        let by_stream = ByStream::of(&streams);
        for wanted in 0u8..16 {
            let wanted: Vec<bool> = (0..4).map(|stream| wanted >> stream & 1 == 1).collect();
            let mut visited = Vec::new();
            by_stream.each(&wanted, |place| visited.push(place));
            visited.sort_unstable();
            let rows = 0..streams.len();
            let expected: Vec<usize> = rows.filter(|row| wanted[streams[*row] as usize]).collect();
            assert_eq!(visited, expected);
        }
        ByStream::of(&[]).each(&[true], |_| unreachable!("no row is there"));
    }
}
