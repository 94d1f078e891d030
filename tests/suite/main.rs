// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole mail systems, booted from the shipped configuration in private directories.
//!
//! Runs as root in namespaces of its own, and once more without any power; what needs root asks
//! `kit::instance::privileged` first.

mod addresses;
mod changed_tables;
mod commands;
mod databases;
mod encryption;
mod guides;
mod hostile;
mod instances;
mod logins;
mod main_job;
mod malformed;
mod privileges;
mod queue;
mod reports;
mod sending;
