// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dead destinations, broken transports, lost agents.

use super::*;

fn narrow(limits: TransportLimits) -> TransportLimits {
    TransportLimits {
        window: WindowLimits {
            initial: 1,
            ..limits.window
        },
        ..limits
    }
}

#[test]
fn mail_for_a_dead_destination_goes_to_the_retry_agent_and_other_mail_goes_on() {
    let mut simulation = Simulation::with(limits(), narrow);
    for domain in ["dead.example", "dead.example", "good.example"] {
        simulation.bulk(1, domain);
    }
    assert_eq!(simulation.start().len(), 2);
    simulation.end_first(unreachable());
    assert_eq!(simulation.start(), ["1:retry:u00000@dead.example"]);
    let entry = simulation.scheduler.entry(simulation.running[1]).unwrap();
    let nexthop = &simulation
        .scheduler
        .destination(entry.destination)
        .unwrap()
        .nexthop;
    assert_eq!(text(nexthop), "4.4.1 connection refused");
    simulation.bulk(1, "dead.example");
    assert_eq!(
        simulation.start(),
        ["3:retry:u00000@dead.example"],
        "new mail as well"
    );
    assert_eq!(simulation.finished, [0]);
}

#[test]
fn a_dead_destination_is_tried_again_after_the_minimal_backoff_time() {
    let mut simulation = Simulation::with(limits(), narrow);
    simulation.bulk(1, "dead.example");
    simulation.start();
    simulation.end_first(unreachable());
    simulation.pass(299);
    simulation.bulk(1, "dead.example");
    assert_eq!(simulation.start(), ["1:retry:u00000@dead.example"]);
    simulation.pass(1);
    simulation.bulk(1, "dead.example");
    assert_eq!(simulation.start(), ["2:smtp:u00000@dead.example"]);
}

#[test]
fn a_success_of_a_delivery_still_in_progress_revives_a_dead_destination() {
    let mut simulation = Simulation::with(limits(), |mut limits| {
        limits.window.initial = 4;
        limits
    });
    for _ in 0..4 {
        simulation.bulk(1, "odd.example");
    }
    assert_eq!(simulation.start().len(), 4);
    simulation.end_first(unreachable());
    simulation.bulk(1, "odd.example");
    assert_eq!(
        simulation.start(),
        Vec::<String>::new(),
        "less places after a failure"
    );
    simulation.end_first(unreachable());
    simulation.end_first(unreachable());
    assert_eq!(
        simulation.start(),
        ["4:retry:u00000@odd.example"],
        "now it is dead"
    );
    simulation.end_first(Report::Done);
    simulation.bulk(1, "odd.example");
    assert_eq!(simulation.start(), ["5:smtp:u00000@odd.example"]);
}

#[test]
fn flushing_forgets_dead_destinations_and_transports() {
    let mut simulation = Simulation::with(limits(), narrow);
    simulation.bulk(1, "dead.example");
    simulation.start();
    simulation.end_first(unreachable());
    let key = simulation.scheduler.transport_named(b"lmtp");
    simulation
        .scheduler
        .transport_failed(key, &Trouble::new("4.3.0", "down"), simulation.now);
    simulation.scheduler.revive_all();
    simulation.message(&[("smtp", "a@dead.example"), ("lmtp", "b@b.example")]);
    assert_eq!(
        simulation.start(),
        ["1:smtp:a@dead.example", "1:lmtp:b@b.example"]
    );
}

#[test]
fn flushing_one_message_forgets_only_the_troubles_of_its_destinations() {
    let mut simulation = Simulation::with(limits(), narrow);
    for domain in ["dead.example", "gone.example"] {
        simulation.bulk(1, domain);
        simulation.start();
        simulation.end_first(unreachable());
    }
    simulation
        .files
        .push(vec![("smtp".into(), "a@dead.example".into())]);
    simulation
        .messages
        .push(simulation.scheduler.add_message(simulation.now));
    simulation.read(2, true);
    assert_eq!(simulation.start(), ["2:smtp:a@dead.example"]);
    simulation.bulk(1, "gone.example");
    assert_eq!(simulation.start(), ["3:retry:u00000@gone.example"]);
}

#[test]
fn everything_for_a_broken_transport_is_deferred_until_its_retry_time() {
    let mut simulation = Simulation::new();
    simulation.message(&[
        ("smtp", "a@a.example"),
        ("smtp", "b@b.example"),
        ("local", "c@c"),
    ]);
    let key = simulation.scheduler.transport_named(b"smtp");
    let trouble = Trouble::new("4.3.0", "mail transport unavailable");
    simulation
        .scheduler
        .transport_failed(key, &trouble, simulation.now);
    simulation.follow_up();
    let mut started = simulation.start();
    started.sort();
    assert_eq!(
        started,
        ["0:local:c@c", "0:retry:a@a.example", "0:retry:b@b.example"]
    );
    simulation.pass(60);
    simulation.bulk(1, "a.example");
    assert_eq!(simulation.start(), ["1:smtp:u00000@a.example"]);
}

#[test]
fn when_the_retry_agent_is_broken_too_the_caller_has_to_defer() {
    let mut simulation = Simulation::new();
    simulation.bulk(2, "a.example");
    for name in ["retry", "smtp"] {
        let key = simulation.scheduler.transport_named(name.as_bytes());
        let trouble = Trouble::new("4.3.0", name);
        simulation
            .scheduler
            .transport_failed(key, &trouble, simulation.now);
        simulation.follow_up();
    }
    let reason = "smtp".to_owned();
    let expected = [("u00000@a.example", &reason), ("u00001@a.example", &reason)];
    let expected = expected.map(|(address, reason)| (address.to_owned(), reason.clone()));
    assert_eq!(simulation.deferred, expected);
    assert_eq!(simulation.finished, [0]);
    simulation.bulk(1, "b.example");
    assert_eq!(simulation.deferred.len(), 3);
    assert_eq!(simulation.finished, [0, 1]);
}

#[test]
fn recipients_of_a_lost_agent_are_deferred_by_the_retry_agent() {
    let mut simulation = Simulation::new();
    simulation.bulk(3, "a.example");
    simulation.start();
    simulation.end_first(lost());
    assert!(simulation.finished.is_empty());
    let started = simulation.start();
    assert_eq!(
        started,
        ["0:retry:u00000@a.example,u00001@a.example,u00002@a.example"]
    );
    simulation.end_first(Report::TryAgain);
    assert_eq!(simulation.finished, [0]);
}

#[test]
fn a_lost_retry_agent_leaves_its_recipients_to_the_caller() {
    let mut simulation = Simulation::new();
    simulation.message(&[("retry", "a@a.example")]);
    simulation.start();
    simulation.end_first(lost());
    assert_eq!(simulation.deferred.len(), 1);
    assert_eq!(simulation.finished, [0]);
}

#[test]
fn a_request_that_could_not_be_sent_waits_again() {
    let mut simulation = Simulation::new();
    simulation.bulk(1, "a.example");
    simulation.bulk(1, "a.example");
    let started = simulation.start();
    for entry in std::mem::take(&mut simulation.running) {
        simulation.scheduler.unselect(entry);
        simulation.scheduler.check();
    }
    let mut again = simulation.start();
    again.sort();
    assert_eq!(again, started);
    while !simulation.running.is_empty() {
        simulation.end_first(Report::Done);
    }
    assert_eq!(simulation.finished.len(), 2);
}

#[test]
fn dead_destinations_are_forgotten_when_there_are_too_many() {
    let few = Limits {
        recipients: 10,
        ..limits()
    };
    let mut simulation = Simulation::with(few, narrow);
    for number in 0..50 {
        simulation.bulk(1, &format!("d{number}.example"));
        simulation.start();
        simulation.end_first(unreachable());
    }
    assert!(simulation.scheduler.destinations.len() <= 21);
    simulation.pass(1000);
    assert_eq!(simulation.scheduler.destinations.len(), 0);
}
