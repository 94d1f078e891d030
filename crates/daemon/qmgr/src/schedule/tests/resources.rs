// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory, pauses, agents in the making, connection caching.

use super::*;

#[test]
fn a_huge_message_is_read_in_portions_and_delivered_whole() {
    let small = Limits {
        recipients: 200,
        ..limits()
    };
    let mut simulation = Simulation::with(small, |limits| TransportLimits {
        recipients: 200,
        extra_recipients: 50,
        ..limits
    });
    simulation.bulk(3000, "a.example");
    assert_eq!(simulation.scheduler.recipients, 200);
    let mut most = 0;
    while simulation.finished.is_empty() {
        simulation.start();
        most = most.max(simulation.scheduler.recipients);
        simulation.end_first(Report::Done);
    }
    assert!(most <= 210, "{most}");
    let delivered: usize = simulation
        .delivered
        .iter()
        .map(|text| text.split(',').count())
        .sum();
    assert_eq!(delivered, 3000);
}

#[test]
fn the_first_reading_is_large_when_memory_is_free_and_minimal_when_not() {
    let mut simulation = Simulation::with(
        Limits {
            recipients: 100,
            ..limits()
        },
        |limits| TransportLimits {
            recipients: 20,
            extra_recipients: 0,
            ..limits
        },
    );
    simulation.bulk(150, "a.example");
    assert_eq!(simulation.scheduler.recipients, 100);
    simulation.bulk(150, "b.example");
    assert_eq!(simulation.scheduler.recipients, 110);
}

#[test]
fn one_reading_never_brings_more_than_five_thousand() {
    let mut simulation = Simulation::new();
    simulation.bulk(12000, "a.example");
    assert_eq!(simulation.files[0].len(), 7000);
}

#[test]
fn few_more_recipients_are_read_only_after_a_while() {
    let mut simulation = Simulation::with(
        Limits {
            recipients: 40,
            ..limits()
        },
        |limits| TransportLimits {
            recipients: 60,
            extra_recipients: 0,
            recipients_per_delivery: 10,
            ..limits
        },
    );
    simulation.bulk(200, "a.example");
    assert_eq!(simulation.files[0].len(), 160);
    simulation.start();
    assert_eq!(
        simulation.files[0].len(),
        160,
        "thirty free slots are not worth a reading"
    );
    simulation.end_first(Report::Done);
    simulation.pass(6);
    let second = simulation.bulk(10, "b.example");
    simulation.start();
    assert!(
        simulation.files[0].len() < 160,
        "but they are after five seconds"
    );
    assert_eq!(second, 1);
}

#[test]
fn after_a_delivery_the_destination_pauses_for_the_rate_delay() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        destination_rate_delay: Duration::from_secs(3),
        ..limits
    });
    simulation.bulk(1, "a.example");
    simulation.bulk(1, "a.example");
    simulation.bulk(1, "b.example");
    assert_eq!(
        simulation.start().len(),
        2,
        "one delivery at a time per destination"
    );
    simulation.end_first(Report::Done);
    assert!(simulation.start().is_empty());
    assert_eq!(
        simulation.scheduler.next_wake_up(),
        Some(Duration::from_secs(4))
    );
    simulation.pass(3);
    assert_eq!(simulation.start(), ["1:smtp:u00000@a.example"]);
}

#[test]
fn the_pause_holds_for_mail_that_comes_later() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        destination_rate_delay: Duration::from_secs(3),
        ..limits
    });
    simulation.bulk(1, "a.example");
    simulation.start();
    simulation.end_first(Report::Done);
    simulation.pass(1);
    simulation.bulk(1, "a.example");
    assert!(simulation.start().is_empty());
    simulation.pass(2);
    assert_eq!(simulation.start().len(), 1);
}

#[test]
fn a_transport_with_a_rate_delay_pauses_between_deliveries() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        transport_rate_delay: Duration::from_secs(2),
        ..limits
    });
    simulation.bulk(1, "a.example");
    simulation.bulk(1, "b.example");
    assert_eq!(simulation.start().len(), 1);
    simulation.end_first(Report::Done);
    assert!(simulation.start().is_empty());
    simulation.pass(2);
    assert_eq!(simulation.start().len(), 1);
}

#[test]
fn at_most_two_agents_of_a_transport_are_asked_for_at_once() {
    let mut simulation = Simulation::new();
    for _ in 0..5 {
        simulation.bulk(1, "a.example");
    }
    let first = simulation.scheduler.next_transport();
    let second = simulation.scheduler.next_transport();
    assert!(first.is_some() && second.is_some());
    assert_eq!(simulation.scheduler.next_transport(), None);
    simulation.scheduler.agent_answered(first.unwrap());
    assert_eq!(simulation.scheduler.next_transport(), first);
}

#[test]
fn no_agent_is_asked_for_when_nothing_could_be_given_to_it() {
    let mut simulation = Simulation::new();
    simulation.bulk(1, "a.example");
    assert!(simulation.scheduler.next_transport().is_some());
    assert_eq!(simulation.scheduler.next_transport(), None);
}

#[test]
fn connections_are_cached_when_deliveries_follow_each_other() {
    let mut simulation = Simulation::with(limits(), |limits| TransportLimits {
        window: WindowLimits {
            initial: 1,
            maximum: 1,
            ..limits.window
        },
        ..limits
    });
    let hint = |simulation: &Simulation| {
        let entry = simulation.scheduler.entry(simulation.running[0]).unwrap();
        simulation
            .scheduler
            .destination(entry.destination)
            .unwrap()
            .cache
    };
    for _ in 0..4 {
        simulation.bulk(1, "a.example");
    }
    simulation.start();
    assert_eq!(
        hint(&simulation),
        ConnectionCache {
            load: false,
            store: false
        }
    );
    simulation.end_first(Report::Done);
    simulation.start();
    assert_eq!(
        hint(&simulation),
        ConnectionCache {
            load: true,
            store: true
        }
    );
    simulation.end_first(Report::Done);
    simulation.pass(10);
    simulation.start();
    assert_eq!(
        hint(&simulation),
        ConnectionCache {
            load: true,
            store: false
        }
    );
}

#[test]
fn a_destination_that_fills_the_active_queue_is_reported_once_in_a_while() {
    let few = Limits {
        messages: 50,
        ..limits()
    };
    let mut simulation = Simulation::with(few, |limits| limits);
    let mut warned = Vec::new();
    for number in 0..20 {
        let message = simulation.scheduler.add_message(simulation.now);
        let routes = vec![route("smtp", "a@slow.example")];
        simulation
            .scheduler
            .admit(message, routes, 0, false, simulation.now);
        while let Some(effect) = simulation.scheduler.next_effect() {
            if let Effect::Clogged { entries, .. } = effect {
                warned.push((number, entries));
            }
        }
        if number == 14 {
            simulation.now += Duration::from_secs(300);
        }
    }
    assert_eq!(warned, [(10, 11), (15, 16)]);
}
