// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who comes first.

use super::*;

#[test]
fn messages_are_served_in_the_order_in_which_they_came() {
    let mut simulation = Simulation::new();
    for _ in 0..4 {
        simulation.bulk(1, "a.example");
    }
    assert_eq!(simulation.drain_one_at_a_time("smtp"), "0123");
    assert_eq!(simulation.finished, [0, 1, 2, 3]);
    assert_eq!(simulation.scheduler.message_count(), 0);
}

#[test]
fn recipients_of_one_destination_share_deliveries_up_to_the_limit() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 2,
        ..limits
    });
    simulation.message(&[
        ("smtp", "c@b.example"),
        ("smtp", "B@a.example"),
        ("smtp", "x@A.example"),
        ("smtp", "a@a.example"),
    ]);
    assert_eq!(
        simulation.start(),
        [
            "0:smtp:a@a.example,B@a.example",
            "0:smtp:c@b.example",
            "0:smtp:x@A.example"
        ]
    );
}

#[test]
fn destinations_of_one_message_take_turns() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 2,
        ..limits
    });
    let all: Vec<_> = (0..4)
        .flat_map(|i| [format!("a{i}@a.example"), format!("b{i}@b.example")])
        .collect();
    let recipients: Vec<_> = all.iter().map(|a| ("smtp", a.as_str())).collect();
    simulation.message(&recipients);
    let started = simulation.start();
    let domains: Vec<_> = started.iter().map(|text| &text[text.len() - 9..]).collect();
    assert_eq!(
        domains,
        ["a.example", "b.example", "a.example", "b.example"]
    );
}

#[test]
fn transports_take_turns() {
    let mut simulation = Simulation::new();
    for _ in 0..2 {
        simulation.message(&[("smtp", "a@a.example"), ("local", "b@b.example")]);
    }
    let started = simulation.start();
    let transports: Vec<_> = started.iter().map(|text| &text[2..6]).collect();
    assert_eq!(transports, ["smtp", "loca", "smtp", "loca"]);
}

#[test]
fn a_transport_for_single_recipients_has_a_destination_per_mailbox() {
    let mut simulation = Simulation::with(limits(), |mut limits| {
        limits.recipients_per_delivery = 1;
        limits.window.initial = 1;
        limits.window.maximum = 1;
        limits
    });
    simulation.message(&[("local", "a@h"), ("local", "b@h"), ("local", "A@h")]);
    let started = simulation.start();
    assert_eq!(
        started,
        ["0:local:a@h", "0:local:b@h"],
        "a and A are one mailbox"
    );
    simulation.end_first(Report::Done);
    assert_eq!(simulation.start(), ["0:local:A@h"]);
}

#[test]
fn a_small_message_overtakes_a_large_one_after_a_while() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 1,
        slot_cost: 2,
        slot_loan: 0,
        slot_discount: 0,
        minimum_slots: 1,
        ..limits
    });
    simulation.bulk(8, "a.example");
    simulation.bulk(2, "a.example");
    simulation.bulk(2, "b.example");
    let order = simulation.drain_one_at_a_time("smtp");
    assert_eq!(order, "000011000022", "two deliveries earn one slot");
}

#[test]
fn a_loan_lets_a_small_message_overtake_earlier_but_not_more_often() {
    let run = |loan, discount| {
        let mut simulation = Simulation::with(limits(), move |limits| TransportLimits {
            recipients_per_delivery: 1,
            slot_cost: 2,
            slot_loan: loan,
            slot_discount: discount,
            minimum_slots: 1,
            ..limits
        });
        simulation.bulk(10, "a.example");
        simulation.bulk(2, "a.example");
        simulation.bulk(2, "b.example");
        simulation.drain_one_at_a_time("smtp")
    };
    assert_eq!(run(0, 0), "00001100002200");
    assert_eq!(run(0, 50), "00110000220000");
    assert_eq!(run(3, 0), "01100002200000");
}

#[test]
fn without_a_slot_cost_nobody_overtakes() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 1,
        slot_cost: 0,
        ..limits
    });
    simulation.bulk(30, "a.example");
    simulation.bulk(1, "a.example");
    let order = simulation.drain_one_at_a_time("smtp");
    assert_eq!(order, "0".repeat(30) + "1");
}

#[test]
fn a_message_that_is_too_small_is_not_overtaken() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 1,
        ..limits
    });
    simulation.bulk(14, "a.example");
    simulation.bulk(1, "a.example");
    assert_eq!(simulation.drain_one_at_a_time("smtp"), "0".repeat(14) + "1");
}

#[test]
fn however_many_overtake_a_large_message_is_delayed_by_a_constant_factor_only() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 1,
        ..limits
    });
    simulation.bulk(1000, "a.example");
    let key = simulation.scheduler.transport_named(b"smtp");
    let mut deliveries = 0;
    while !simulation.finished.contains(&0) {
        if deliveries % 3 == 0 {
            simulation.bulk(1 + deliveries % 7, "b.example");
        }
        let entry = simulation.select(key).unwrap();
        simulation.running.push(entry);
        simulation.end(entry, Report::Done);
        deliveries += 1;
    }
    assert!(deliveries > 1100, "small mail gets through: {deliveries}");
    assert!(
        deliveries <= 1250 + 20,
        "at most 1 in 5 is lent: {deliveries}"
    );
}

#[test]
fn overtaking_nests() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 1,
        slot_cost: 2,
        slot_loan: 0,
        slot_discount: 0,
        minimum_slots: 1,
        ..limits
    });
    simulation.bulk(40, "a.example");
    simulation.bulk(10, "a.example");
    let key = simulation.scheduler.transport_named(b"smtp");
    let mut order = String::new();
    for step in 0..52 {
        if step == 21 {
            simulation.bulk(2, "b.example");
        }
        let entry = simulation.select(key).unwrap();
        order.push_str(simulation.describe(entry).split(':').next().unwrap());
        simulation.running.push(entry);
        simulation.end(entry, Report::Done);
    }
    assert_eq!(
        order,
        format!("{}1111221111110{}", "0".repeat(20), "0".repeat(19))
    );
}

#[test]
fn a_message_whose_destination_is_full_does_not_hold_up_others() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        recipients_per_delivery: 2,
        ..limits
    });
    simulation.bulk(100, "slow.example");
    simulation.bulk(1, "slow.example");
    simulation.bulk(1, "fast.example");
    let started = simulation.start();
    assert_eq!(started.len(), 6);
    assert_eq!(started.last().unwrap(), "2:smtp:u00000@fast.example");
    simulation.end_first(Report::Done);
    let again = simulation.start();
    assert!(again.iter().all(|text| text.starts_with("0:")), "{again:?}");
    assert_eq!(
        again.len(),
        2,
        "one place became free, and the window grew by one"
    );
}

#[test]
fn a_message_with_a_sender_per_recipient_is_delivered_to_one_at_a_time() {
    let mut simulation = Simulation::new();
    simulation.files.push(Vec::new());
    let message = simulation.scheduler.add_message(simulation.now);
    simulation.messages.push(message);
    simulation.scheduler.deliver_singly(message);
    let routes = vec![route("smtp", "a@a.example"), route("smtp", "b@a.example")];
    simulation
        .scheduler
        .admit(message, routes, 0, false, simulation.now);
    assert_eq!(
        simulation.start(),
        ["0:smtp:a@a.example", "0:smtp:b@a.example"]
    );
}
