// SPDX-License-Identifier: MIT OR Apache-2.0
//! Processor time of other processes, from /proc.

use std::ops::Sub;

/// Processor time in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Time {
    /// In programs.
    pub(crate) user: f64,
    /// In the kernel on their behalf.
    pub(crate) system: f64,
}

impl Time {
    /// Both.
    pub(crate) fn total(self) -> f64 {
        self.user + self.system
    }

    /// For one of so many messages.
    pub(crate) fn per(self, messages: u32) -> Time {
        Time {
            user: self.user / f64::from(messages),
            system: self.system / f64::from(messages),
        }
    }
}

impl Sub for Time {
    type Output = Time;

    fn sub(self, earlier: Time) -> Time {
        Time {
            user: self.user - earlier.user,
            system: self.system - earlier.system,
        }
    }
}

/// What a process itself has used.
pub(crate) fn of_process(process: u32) -> Time {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    time(own(&fields(&stat.expect("a process"))))
}

/// What a process, its children, and those that it has reaped have used. (What wait(2) tells of
/// master itself leaves out children that it does not wait for when it stops.)
pub(crate) fn of_family(parent: u32) -> Time {
    let mut ticks = [0; 2];
    for entry in std::fs::read_dir("/proc").expect("proc").flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let fields = fields(&stat);
        let itself = entry.file_name().to_str() == Some(&parent.to_string());
        if itself || fields.first() == Some(&i64::from(parent)) {
            let reaped = fields.get(12..14).filter(|_| itself);
            for counted in [own(&fields), reaped.unwrap_or_default()] {
                for (sum, ticks) in ticks.iter_mut().zip(counted) {
                    *sum += ticks;
                }
            }
        }
    }
    time(&ticks)
}

/// The numbers of a stat file, beginning with the parent's.
fn fields(stat: &str) -> Vec<i64> {
    let tail = stat.rsplit_once(") ").map_or("", |(_, tail)| tail);
    let number = |field: &str| field.parse().unwrap_or_default();
    tail.split(' ').skip(1).map(number).collect()
}

/// User and system ticks.
fn own(fields: &[i64]) -> &[i64] {
    fields.get(10..12).unwrap_or_default()
}

fn time(ticks: &[i64]) -> Time {
    let of = |index: usize| ticks.get(index).copied().map_or(0.0, milliseconds);
    Time {
        user: of(0),
        system: of(1),
    }
}

fn milliseconds(ticks: i64) -> f64 {
    let per_second = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK);
    let per_second = per_second.ok().flatten().unwrap_or(100);
    let milliseconds = i32::try_from(ticks * 1000 / per_second);
    f64::from(milliseconds.unwrap_or(i32::MAX))
}
