// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any sequence of events leaves the accounts right and every recipient with one fate.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Message {
        recipients: usize,
        spread: usize,
        transport: usize,
    },
    Start,
    End {
        which: usize,
        report: usize,
    },
    Unselect,
    TransportFails(usize),
    Pass(u64),
    Flush,
}

const TRANSPORTS: [&str; 4] = ["smtp", "local", "slow", "retry"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1usize..80, 1usize..6, 0usize..3)
            .prop_map(|(recipients, spread, transport)| Step::Message { recipients, spread, transport }),
        4 => Just(Step::Start),
        8 => (0usize..20, 0usize..8).prop_map(|(which, report)| Step::End { which, report }),
        1 => Just(Step::Unselect),
        1 => (0usize..4).prop_map(Step::TransportFails),
        2 => (0u64..400).prop_map(Step::Pass),
        1 => Just(Step::Flush),
    ]
}

fn simulation() -> Simulation {
    let small = Limits {
        recipients: 60,
        recipients_per_message: 3,
        messages: 10,
        ..limits()
    };
    let settings = |name: &[u8]| {
        let base = TransportLimits {
            recipients: 40,
            extra_recipients: 10,
            refill_limit: 5,
            recipients_per_delivery: 3,
            slot_cost: 2,
            ..transport_limits()
        };
        match name {
            b"local" => TransportLimits {
                recipients_per_delivery: 1,
                ..base
            },
            b"slow" => TransportLimits {
                destination_rate_delay: Duration::from_secs(5),
                ..base
            },
            _ => base,
        }
    };
    let mut simulation = Simulation::new();
    simulation.scheduler = Scheduler::new(small, Duration::ZERO, settings);
    simulation
}

/// Works through a step; returns how many recipients came in.
fn take(simulation: &mut Simulation, step: &Step) -> usize {
    match step {
        Step::Message {
            recipients,
            spread,
            transport,
        } => {
            let list: Vec<_> = (0..*recipients)
                .map(|i| {
                    let name = TRANSPORTS[(transport + i / 7) % 3];
                    (name, format!("u{i}@d{}.example", i % spread))
                })
                .collect();
            let list: Vec<_> = list.iter().map(|(t, a)| (*t, a.as_str())).collect();
            simulation.message(&list);
            return *recipients;
        }
        Step::Start => drop(simulation.start()),
        Step::End { which, report } => {
            if !simulation.running.is_empty() {
                let entry = simulation.running[which % simulation.running.len()];
                let report = match report {
                    0 => unreachable(),
                    1 => lost(),
                    2 => Report::TryAgain,
                    _ => Report::Done,
                };
                end(simulation, entry, report);
            }
        }
        Step::Unselect => {
            if let Some(entry) = simulation.running.pop() {
                simulation.scheduler.unselect(entry);
                simulation.scheduler.check();
            }
        }
        Step::TransportFails(number) => {
            let key = simulation
                .scheduler
                .transport_named(TRANSPORTS[*number].as_bytes());
            let trouble = Trouble::new("4.3.0", "broken");
            simulation
                .scheduler
                .transport_failed(key, &trouble, simulation.now);
            simulation.follow_up();
        }
        Step::Pass(seconds) => simulation.pass(*seconds),
        Step::Flush => simulation.scheduler.revive_all(),
    }
    0
}

/// Ends a delivery, and notes every recipient that this settles.
fn end(simulation: &mut Simulation, entry: Key<Entry>, report: Report) {
    if report != lost() && report != Report::Done {
        simulation.delivered.push(simulation.describe(entry));
    }
    simulation.end(entry, report);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn every_recipient_has_exactly_one_fate(steps in prop::collection::vec(step(), 1..120)) {
        let mut simulation = simulation();
        let mut came = 0;
        for step in &steps {
            came += take(&mut simulation, step);
        }
        for _ in 0..100_000 {
            if simulation.finished.len() == simulation.messages.len() {
                break;
            }
            simulation.start();
            match simulation.running.first().copied() {
                Some(entry) => end(&mut simulation, entry, Report::Done),
                None => simulation.pass(10),
            }
        }
        prop_assert_eq!(simulation.finished.len(), simulation.messages.len());
        prop_assert_eq!(simulation.scheduler.message_count(), 0);
        prop_assert_eq!(simulation.scheduler.recipients, 0);
        let settled: usize =
            simulation.delivered.iter().map(|text| text.split(',').count()).sum::<usize>()
                + simulation.deferred.len();
        prop_assert_eq!(settled, came);
    }
}
