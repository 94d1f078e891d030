// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ipc::graph` says who may call whom, and it is true: each program's sources name the services
//! that the graph lists it for, and no others.
//!
//! A service is named by the parameter with its name, by a literal, or through a library that
//! calls it for everybody (`delivery`, for reports and for handing a message over). Not seen here:
//! a program that is told by its user whom to call, postkick.

use ipc::graph::SERVICES;
use kit::programs::repository;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What in a source says that a service is called.
const MARKS: &[(&str, &[&str])] = &[
    ("rewrite_service_name", &["rewrite"]),
    ("cleanup_service_name", &["cleanup"]),
    ("pickup_service_name", &["pickup"]),
    ("queue_service_name", &["qmgr"]),
    ("showq_service_name", &["showq"]),
    ("flush_service_name", &["flush"]),
    ("bounce_service_name", &["bounce"]),
    ("defer_service_name", &["defer"]),
    ("trace_service_name", &["trace"]),
    // Every outcome is reported to one of these.
    ("StatusParams", &["bounce", "defer", "trace", "flush"]),
    // Any table may be one that is reached through a proxy.
    ("StatusParams", TABLE_PROXIES),
    ("maps::Params", TABLE_PROXIES),
    ("Endpoint::public(\"pickup\")", &["pickup"]),
    // The queue manager, and whoever hands a message over, reach each delivery agent.
    ("pass::hand_over", DELIVERY_AGENTS),
    ("delivery::expect_announcement", DELIVERY_AGENTS),
];

/// Who holds tables open for others.
const TABLE_PROXIES: &[&str] = &["proxymap", "proxywrite"];

/// Services that take delivery requests; the transport that an address resolves to names one.
const DELIVERY_AGENTS: &[&str] = &[
    "smtp", "relay", "lmtp", "local", "error", "retry", "discard",
];

/// The code of a program without its tests.
fn code(folder: &Path) -> String {
    let mut code = String::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            code += &self::code(&path);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).expect("source");
            code += text
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or(&text);
        }
    }
    code
}

/// Names of the programs, which are the names of their folders.
fn programs() -> Vec<(String, String)> {
    let mut programs = Vec::new();
    for kind in ["daemon", "command"] {
        let folder = repository().join("crates").join(kind);
        for entry in fs::read_dir(folder).expect("crates").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            programs.push((name, code(&entry.path().join("src"))));
        }
    }
    assert!(programs.len() > 20, "programs are where they were");
    programs
}

/// The services that the code of a program calls.
fn called(code: &str) -> BTreeSet<&'static str> {
    MARKS
        .iter()
        .filter(|(mark, _)| code.contains(mark))
        .flat_map(|(_, services)| services.iter().copied())
        .collect()
}

/// The services that master wakes, as the shipped master.cf has it.
fn woken() -> BTreeSet<&'static str> {
    let text = fs::read_to_string(repository().join("master.cf")).expect("master.cf");
    let is_woken = |name: &str| {
        text.lines().any(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            fields.first() == Some(&name) && fields.get(5).is_some_and(|wakeup| *wakeup != "-")
        })
    };
    let names = SERVICES.iter().map(|service| service.name);
    names.filter(|name| is_woken(name)).collect()
}

#[test]
fn programs_call_the_services_that_the_graph_lists_them_for_and_no_others() {
    let mut wrong = Vec::new();
    for (program, code) in programs() {
        let mut called = called(&code);
        match program.as_str() {
            "master" => called = woken(),
            // Whom its user names.
            "postkick" => continue,
            // It opens itself what is behind "proxy:".
            "proxymap" => called.retain(|name| !TABLE_PROXIES.contains(name)),
            _ => {}
        }
        let named = |service: &&ipc::graph::Service| service.callers.contains(&program.as_str());
        let declared = SERVICES.iter().filter(named).map(|service| service.name);
        let declared: BTreeSet<&str> = declared.collect();
        for service in called.difference(&declared) {
            wrong.push(format!("{program} calls {service}: not declared"));
        }
        for service in declared.difference(&called) {
            wrong.push(format!(
                "{program} is declared to call {service}, and does not"
            ));
        }
    }
    assert!(wrong.is_empty(), "ipc::graph: {wrong:#?}");
}

#[test]
fn callers_and_servers_are_programs() {
    let programs: BTreeSet<String> = programs().into_iter().map(|(name, _)| name).collect();
    for service in SERVICES {
        let names = service.callers.iter().chain([&service.program]);
        for name in names.filter(|name| **name != "*") {
            assert!(
                programs.contains(*name),
                "{name} of {} is no program",
                service.name
            );
        }
    }
}
