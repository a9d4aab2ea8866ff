//! The members of an answer as two numbers that every system gives alike.

use super::Outcome;
use throng::engine::Answers;
use throng::model::Value;

/// How many, and the sum of `(number * 2654435761) mod 2^32`, times the weight of each.
#[derive(Default)]
pub struct Members {
    pub count: u64,
    pub checksum: u128,
}

impl Members {
    /// Of lists of `user_id`, with a weight behind it where it is not 1, or the digits of
    /// one; of several lists the first is counted and all are added up.
    pub fn of(answers: &Answers) -> Outcome<Members> {
        let mut members = Members::default();
        let lists = answers.answers.iter().filter_map(|answer| answer.rows());
        for (place, list) in lists.enumerate() {
            for row in &list.rows {
                let Some((user, weights)) = row.split_first() else { continue };
                members.checksum += u128::from(hashed(user)?) * u128::from(weight(weights)?);
            }
            if place == 0 {
                members.count = list.rows.len() as u64;
            }
        }
        Ok(members)
    }
}

fn hashed(user: &Value) -> Outcome<u64> {
    let number = user.as_text().and_then(|name| name.strip_prefix('u')?.parse::<u64>().ok());
    let number = number.ok_or(format!("{user:?} is no user of the shop"))?;
    Ok(number * 2_654_435_761 % (1 << 32))
}

fn weight(weights: &[Value]) -> Outcome<u64> {
    if weights.is_empty() {
        return Ok(1);
    }
    let mut digits = String::new();
    for weight in weights {
        let Value::Number(digit) = weight else {
            return Err(format!("{weights:?} is no weight").into());
        };
        digits.push_str(&digit.to_string());
    }
    Ok(digits.parse()?)
}
