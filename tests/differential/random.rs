// SPDX-License-Identifier: MIT OR Apache-2.0
//! Numbers that look random and are the same in every run.

/// A generator; the seed decides all it will give.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number from 0 to `limit` - 1.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // Xorshift: enough to vary test input.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    /// One of the given values.
    pub(crate) fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// From 1 to `most` of the given pieces, one after the other.
    pub(crate) fn pieces(&mut self, from: &[&str], most: usize) -> String {
        let count = self.below(most) + 1;
        (0..count).map(|_| self.choose(from)).collect()
    }
}
