// SPDX-License-Identifier: MIT OR Apache-2.0
//! The rules of the house as tests: layers, privileges by dependency, unsafe code, sizes, headers.

mod calls;
mod layers;
mod pages;
mod sources;
mod text;
