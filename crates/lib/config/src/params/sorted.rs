// SPDX-License-Identifier: MIT OR Apache-2.0
//! The declarations in the order of their names, put there by the compiler: a program that
//! starts finds the few parameters it needs by bisection, and sorts nothing.

use super::AREAS;
use crate::table::Spec;

/// How many declarations there are, twins included.
const COUNT: usize = count();

/// All declarations, sorted by name.
pub(super) static SORTED: [&Spec; COUNT] = sorted();

const fn count() -> usize {
    let mut count = 0;
    let mut areas = AREAS;
    while let [area, others @ ..] = areas {
        let mut rest = *area;
        while let [(_, twin), others @ ..] = rest {
            count += 1 + twin.is_some() as usize;
            rest = others;
        }
        areas = others;
    }
    count
}

/// The names of an area are nearly sorted already, so that insertion is quick.
const fn sorted() -> [&'static Spec; COUNT] {
    let (mut all, mut length) = ([AREAS[0][0].0; COUNT], 0);
    let mut areas = AREAS;
    while let [area, others @ ..] = areas {
        let mut rest = *area;
        while let [(spec, twin), others @ ..] = rest {
            insert(&mut all, length, spec);
            length += 1;
            if let Some(twin) = twin {
                insert(&mut all, length, twin);
                length += 1;
            }
            rest = others;
        }
        areas = others;
    }
    all
}

/// Puts one more into its place among the first `length`.
const fn insert(all: &mut [&'static Spec; COUNT], length: usize, spec: &'static Spec) {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_before(all[middle].name.as_bytes(), spec.name.as_bytes()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let mut at = length;
    while at > low {
        all[at] = all[at - 1];
        at -= 1;
    }
    all[low] = spec;
}

const fn is_before(mut one: &[u8], mut two: &[u8]) -> bool {
    while let ([a, ones @ ..], [b, twos @ ..]) = (one, two) {
        if *a != *b {
            return *a < *b;
        }
        (one, two) = (ones, twos);
    }
    one.len() < two.len()
}
