// SPDX-License-Identifier: MIT OR Apache-2.0
//! Faults for one program of an instance: strace kills it, or makes a system call fail.
//!
//! The program's place is taken by a script. It runs the program as it is, unless the test has
//! written down a disturbance: then the *next* process of that program, and only that one, runs
//! under strace with it.

use crate::Instance;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Puts the script in the program's place; it keeps its process id, so master does not notice.
pub(crate) fn disguise(path: &Path, target: &Path, instance: &Instance) {
    let (plan, taken) = (instance.path("plan"), instance.path("plan.taken"));
    let script = format!(
        "#!/bin/sh\n\
         mv {plan} {taken} 2>/dev/null || exec {target} \"$@\"\n\
         exec strace -D -f -qq -y -s 0 -o {trace} $(cat {taken}) {target} \"$@\"\n",
        plan = plan.display(),
        taken = taken.display(),
        trace = instance.path("trace").display(),
        target = target.display(),
    );
    fs::write(path, script).expect("wrapper");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}

impl Instance {
    /// Makes the next process of the disguised program run under strace with these options.
    ///
    /// # Panics
    /// When the instance's directory cannot be written.
    pub fn disturb(&self, options: &str) {
        for old in ["trace", "plan.taken"] {
            fs::remove_file(self.path(old)).ok();
        }
        // All at once: a process that starts meanwhile sees the whole plan or none.
        fs::write(self.path("plan.new"), options).expect("plan");
        fs::rename(self.path("plan.new"), self.path("plan")).expect("plan");
    }

    /// Whether a process has taken the disturbance on.
    #[must_use]
    pub fn is_disturbed(&self) -> bool {
        !self.path("plan").exists()
    }

    /// What strace saw of the disturbed process so far.
    #[must_use]
    pub fn trace(&self) -> String {
        let trace = fs::read(self.path("trace")).unwrap_or_default();
        String::from_utf8_lossy(&trace).into_owned()
    }

    /// Whether the fault has struck.
    #[must_use]
    pub fn is_struck(&self) -> bool {
        let trace = self.trace();
        trace.contains("killed by SIGKILL") || trace.contains("(INJECTED)")
    }
}
