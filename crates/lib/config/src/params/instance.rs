// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several instances on one host.

use crate::table::parameters;

parameters! {
    /// Config directories of secondary instances.
    multi_instance_directories: List = "", since "2.6";
    /// Instance may be started by the manager.
    multi_instance_enable: Flag = "no", since "2.6";
    /// Group of the instance.
    multi_instance_group: Text = "", since "2.6";
    /// Unique name, becomes `syslog_name` default.
    multi_instance_name: Text = "", since "2.6";
    /// Manager command called by postfix(1); e.g. postmulti -p --.
    multi_instance_wrapper: Text = "", since "2.6";
    /// Postfix commands treated as control (disabled instances skipped).
    postmulti_control_commands: List = "reload flush", since "2.6";
    /// Commands treated as start (disabled instances get `check`).
    postmulti_start_commands: List = "start", since "2.6";
    /// Commands treated as stop (reverse order).
    postmulti_stop_commands: List = "stop abort drain quick-stop", since "2.6";
}
