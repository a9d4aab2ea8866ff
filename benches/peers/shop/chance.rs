//! Chance that a seed decides (xoshiro256++), and the distributions drawn from it.

/// The state of one stream of chance.
pub struct Chance([u64; 4]);

/// One step of splitmix64, which also serves as a hash.
fn mixed(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number that follows from three, for whatever needs no stream of its own.
pub fn hash(seed: u64, a: u64, b: u64) -> u64 {
    mixed(&mut (seed ^ a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.rotate_left(32)))
}

impl Chance {
    /// The stream of one person, so that people can be drawn in any order.
    pub fn of(seed: u64, stream: u64) -> Chance {
        let mut state = seed ^ stream.wrapping_mul(0xD134_2543_DE82_EF95);
        Chance([(); 4].map(|()| mixed(&mut state)))
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let drawn = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.0 = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        drawn
    }

    /// Evenly between 0 and 1, both left out.
    pub fn even(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// True with that probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.even() < probability
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    pub fn exponential(&mut self, mean: f64) -> f64 {
        -self.even().ln() * mean
    }

    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.even().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.even()).cos()
    }

    /// By Marsaglia and Tsang.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let larger = self.gamma(shape + 1.0);
            return larger * self.even().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            if self.even().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        let y = self.gamma(b);
        x / (x + y)
    }

    /// How often something goes on before it stops, at most 40 times.
    pub fn geometric(&mut self, mean: f64) -> u32 {
        let stops = 1.0 / (1.0 + mean);
        let mut n = 0;
        while !self.happens(stops) && n < 40 {
            n += 1;
        }
        n
    }

    /// A place in a list, by weight.
    pub fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.even() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights.len() - 1
    }
}
