// SPDX-License-Identifier: MIT OR Apache-2.0
//! Faults for one program of an instance: strace kills it, or makes a system call fail.
//!
//! The program's place is taken by a script. It runs the program as it is, unless the test has
//! written down disturbances: then the *next* process of that program runs under strace with the
//! first of them, the one after it with the second, and so on.

use crate::Instance;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Puts the script in the program's place; it keeps its process id, so master does not notice.
pub(crate) fn disguise(path: &Path, target: &Path, instance: &Instance) {
    let script = format!(
        "#!/bin/sh\n\
         for n in 0 1; do\n\
         mv {plan}.$n {plan}.taken 2>/dev/null || continue\n\
         exec strace -D -f -qq -y -s 0 -o {trace}.$n $(cat {plan}.taken) {target} \"$@\"\n\
         done\n\
         exec {target} \"$@\"\n",
        plan = instance.path("plan").display(),
        trace = instance.path("trace").display(),
        target = target.display(),
    );
    fs::write(path, script).expect("wrapper");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}

impl Instance {
    /// Makes the next processes of the disguised program run under strace, each with its options;
    /// two at most.
    ///
    /// # Panics
    /// When the instance's directory cannot be written.
    pub fn disturb(&self, plans: &[&str]) {
        for old in ["trace.0", "trace.1", "plan.0", "plan.1"] {
            fs::remove_file(self.path(old)).ok();
        }
        for (number, options) in plans.iter().enumerate() {
            // All at once: a process that starts meanwhile sees the whole plan or none.
            fs::write(self.path("plan.new"), options).expect("plan");
            fs::rename(self.path("plan.new"), self.path(&format!("plan.{number}"))).expect("plan");
        }
    }

    /// What strace saw of the process that has taken this disturbance on, so far.
    #[must_use]
    pub fn trace(&self, number: usize) -> String {
        let trace = fs::read(self.path(&format!("trace.{number}"))).unwrap_or_default();
        String::from_utf8_lossy(&trace).into_owned()
    }

    /// Whether the fault has struck.
    #[must_use]
    pub fn is_struck(&self, number: usize) -> bool {
        let trace = self.trace(number);
        trace.contains("killed by SIGKILL") || trace.contains("(INJECTED)")
    }
}
