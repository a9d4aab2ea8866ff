//! Positions on the earth, and how far they lie from one another.

use super::{Decimal, Value};

/// The radius of the sphere that stands for the earth: its mean one, in kilometres.
const RADIUS_KM: f64 = 6_371.008_8;

/// A latitude and a longitude in degrees.
///
/// ```
/// use throng::model::Position;
/// let at = |lat: &str, lon: &str| Position::new(lat.parse().unwrap(), lon.parse().unwrap());
/// let bratislava = at("48.1486", "17.1077").unwrap();
/// let vienna = at("48.2082", "16.3738").unwrap();
/// assert_eq!(bratislava.km_to(vienna).to_string(), "54.81788229");
/// assert_eq!(at("90.1", "0"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From -90 to 90, the north being positive.
    pub lat: Decimal,
    /// From -180 to 180, the east being positive.
    pub lon: Decimal,
}

impl Position {
    /// The position at a latitude and a longitude, if they are such.
    pub fn new(lat: Decimal, lon: Decimal) -> Option<Position> {
        let within = |degrees: Decimal, most: i64| {
            (-Decimal::from(most)..=Decimal::from(most)).contains(&degrees)
        };
        (within(lat, 90) && within(lon, 180)).then_some(Position { lat, lon })
    }

    /// What an object `{lat, lon}` says; nothing if it says something else.
    ///
    /// ```
    /// use throng::model::{Object, Position, Value};
    /// let fields = vec![("lat".into(), Value::from(48)), ("lon".into(), Value::from(17))];
    /// let value = Value::Object(Object::new(fields).unwrap());
    /// assert_eq!(Position::of(&value), Position::new(48.into(), 17.into()));
    /// assert_eq!(Position::of(&Value::from("48, 17")), None);
    /// ```
    pub fn of(value: &Value) -> Option<Position> {
        let Value::Object(fields) = value else { return None };
        match (fields.get("lat"), fields.get("lon")) {
            (Some(Value::Number(lat)), Some(Value::Number(lon))) => Position::new(*lat, *lon),
            _ => None,
        }
    }

    /// The way to another along the sphere in kilometres, by the haversine
    /// formula. It is computed in floating point, whose last digits differ from
    /// machine to machine, and rounded to nine decimals, a thousandth of a
    /// millimetre, before anybody sees it.
    pub fn km_to(self, other: Position) -> Decimal {
        let [from, to] = [self, other].map(|at| [at.lat, at.lon].map(radians));
        let half = |place: usize| ((to[place] - from[place]) / 2.0).sin();
        let (by_lat, by_lon) = (half(0), half(1));
        let share = by_lat * by_lat + from[0].cos() * to[0].cos() * by_lon * by_lon;
        let km = 2.0 * RADIUS_KM * share.sqrt().min(1.0).asin();
        Decimal::from_billionths((km * 1e9).round_ties_even() as i128).unwrap_or(Decimal::ZERO)
    }
}

fn radians(degrees: Decimal) -> f64 {
    // Billionths of degrees are whole numbers that floating point holds exactly.
    (degrees.billionths() as f64 / 1e9).to_radians()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: &str, lon: &str) -> Position {
        Position::new(lat.parse().unwrap(), lon.parse().unwrap()).unwrap()
    }

    #[test]
    fn ways_along_great_circles_are_as_long_as_they_are() {
        let km = |from: Position, to: Position| from.km_to(to).to_string();
        assert_eq!(km(at("48", "17"), at("48", "17")), "0");
        // Half around, a quarter, one degree of the equator: pi times the radius and its parts.
        assert_eq!(km(at("0", "0"), at("0", "180")), "20015.114442036");
        assert_eq!(km(at("90", "0"), at("-90", "77")), "20015.114442036");
        assert_eq!(km(at("0", "-180"), at("90", "0")), "10007.557221018");
        assert_eq!(km(at("0", "179.5"), at("0", "-179.5")), "111.195080234");
        // From London to New York, as others compute it on this sphere.
        let [london, new_york] = [at("51.5074", "-0.1278"), at("40.7128", "-74.006")];
        assert!(km(london, new_york).starts_with("5570."), "{}", km(london, new_york));
    }

    #[test]
    fn a_way_is_as_long_back() {
        let places = [at("48.1486", "17.1077"), at("-33.9", "18.4"), at("64.1", "-21.9")];
        for from in places {
            for to in places {
                assert_eq!(from.km_to(to), to.km_to(from));
            }
        }
    }
}
