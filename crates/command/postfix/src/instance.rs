// SPDX-License-Identifier: MIT OR Apache-2.0
//! The mail system that this command is about: its parameters, its accounts, and what the
//! programs of it find in their environment.

use std::path::{Path, PathBuf};

use config::compat::Level;
use config::environment::Environment;
use config::{Identity, MainCf};
use runtime::log;
use runtime::text::reason;
use server::command;

use crate::Outcome;
use crate::options::Options;
use crate::programs::Program;

config::select! {
    /// What this program reads from main.cf.
    pub(crate) struct Params {
        command_directory,
        compatibility_level,
        daemon_directory,
        data_directory,
        default_process_limit,
        html_directory,
        import_environment,
        mail_owner,
        mailq_path,
        maillog_file,
        maillog_file_compressor,
        maillog_file_rotate_suffix,
        manpage_directory,
        meta_directory,
        multi_instance_directories,
        multi_instance_wrapper,
        myhostname,
        newaliases_path,
        postlog_service_name,
        process_id_directory,
        queue_directory,
        readme_directory,
        sample_directory,
        sendmail_path,
        setgid_group,
        shlib_directory,
        syslog_name,
    }
}

/// Where programs look for other programs.
const SEARCH_PATH: &str = "/bin:/usr/bin:/sbin:/usr/sbin";

/// A mail system.
pub(crate) struct Instance {
    pub(crate) params: Params,
    pub(crate) identity: Identity,
    pub(crate) config_directory: PathBuf,
    /// What started programs find in their environment.
    pub(crate) environment: Environment,
    /// Whether the caller chose the configuration, instead of taking the built-in one.
    is_chosen: bool,
}

impl Instance {
    /// Reads the configuration, and checks that the caller may do this.
    pub(crate) fn open(process: &str, options: &Options) -> Result<Self, String> {
        let me = sys::users::real_uid();
        if sys::users::is_set_id() {
            return Err("the postfix command must not run as a set-uid process".to_owned());
        }
        let command = command::configure(process, options.config_directory.as_deref())?;
        let main_cf: &MainCf = &command.main_cf;
        let params = Params::load(main_cf).map_err(|error| error.to_string())?;
        let identity = config::verify(main_cf).map_err(|error| error.to_string())?;
        if me != 0 && me != identity.owner_uid {
            log::error("to submit mail, use the Postfix sendmail command");
            return Err(format!(
                "the postfix command is reserved for the superuser, or for the mail_owner ({})",
                params.mail_owner
            ));
        }
        let chosen = options.config_directory.is_some();
        let mut instance = Self {
            params,
            identity,
            config_directory: main_cf.dir().to_owned(),
            environment: Environment::new(),
            is_chosen: chosen || std::env::var_os("MAIL_CONFIG").is_some(),
        };
        instance.environment = instance.children_environment(options);
        Ok(instance)
    }

    /// Whether this is an ordinary user's mail system, which has one account for everything.
    pub(crate) fn is_rootless(&self) -> bool {
        sys::users::real_uid() != 0
    }

    /// Tells the administrator that defaults of long ago are in force.
    pub(crate) fn say_compatibility(&self) {
        if Level::parse(&self.params.compatibility_level).is_ok_and(|level| level >= Level::LAST) {
            return;
        }
        log::info("Postfix is running with backwards-compatible default settings");
        log::info("See https://www.postfix.org/COMPATIBILITY_README.html for details");
        log::info(format_args!(
            "To disable backwards compatibility use \"postconf compatibility_level={}\" and \
             \"postfix reload\"",
            Level::LAST
        ));
    }

    /// Hands the command to the manager of several instances, when there are several and the
    /// caller has not chosen one; comes back with what it ended with.
    pub(crate) fn run_wrapper(&self, options: &Options) -> Option<Outcome> {
        if self.is_chosen || self.params.multi_instance_directories.trim().is_empty() {
            return None;
        }
        let mut words = self.params.multi_instance_wrapper.split_whitespace();
        let Some(wrapper) = words.next() else {
            return Some(Err(
                "multi_instance_directories is set, but multi_instance_wrapper is empty".to_owned(),
            ));
        };
        let arguments: Vec<&str> = words
            .chain(options.command.iter().map(String::as_str))
            .collect();
        Some(
            Program::new(Path::new(wrapper))
                .args(&arguments)
                .become_it(self),
        )
    }

    /// Logs from now on under the name that people know from the original's scripts.
    pub(crate) fn log_as_script(&self) {
        let tag = format!("{}/postfix-script", self.params.syslog_name);
        log::set_tag(&tag);
        log::set_name(&tag);
    }

    /// Goes to the queue directory, after a look at what nothing works without.
    pub(crate) fn enter(&self) -> Result<(), String> {
        let need = |directory: &Path, what: &str| {
            if directory.is_dir() {
                return Ok(());
            }
            Err(format!(
                "no Postfix {what} directory {}!",
                directory.display()
            ))
        };
        need(&self.params.command_directory, "command")?;
        need(&self.params.daemon_directory, "daemon")?;
        let master = self.params.daemon_directory.join("master");
        if !master.is_file() {
            return Err(format!("no Postfix master program {}!", master.display()));
        }
        need(&self.config_directory, "configuration")?;
        let queue = &self.params.queue_directory;
        need(queue, "queue")?;
        std::env::set_current_dir(queue)
            .map_err(|error| format!("chdir({}): {}", queue.display(), reason(&error)))
    }

    /// Whether files that all instances share are this instance's business.
    pub(crate) fn owns_shared_files(&self) -> bool {
        let default = Path::new(config::locate::DEFAULT_DIRECTORY);
        if self.config_directory == default {
            return true;
        }
        let Ok(main_cf) = MainCf::read(default) else {
            return true;
        };
        let list = main_cf.load::<config::params::multi_instance_directories>();
        let list = list.unwrap_or_default();
        let mut words = list.split(|c: char| c == ',' || c.is_ascii_whitespace());
        !words.any(|word| Path::new(word) == self.config_directory)
    }

    fn children_environment(&self, options: &Options) -> Environment {
        let params = &self.params;
        let mut environment = config::environment::imported(&params.import_environment);
        let directories = [
            ("command_directory", &params.command_directory),
            ("daemon_directory", &params.daemon_directory),
            ("data_directory", &params.data_directory),
            ("meta_directory", &params.meta_directory),
            ("queue_directory", &params.queue_directory),
            ("shlib_directory", &params.shlib_directory),
            ("config_directory", &self.config_directory),
            ("MAIL_CONFIG", &self.config_directory),
        ];
        for (name, value) in directories {
            environment.insert(name.into(), value.clone().into_os_string());
        }
        let texts = [
            ("PATH", SEARCH_PATH),
            ("mail_owner", &params.mail_owner),
            ("setgid_group", &params.setgid_group),
            ("sendmail_path", &params.sendmail_path),
            ("mailq_path", &params.mailq_path),
            ("newaliases_path", &params.newaliases_path),
            ("manpage_directory", &params.manpage_directory),
            ("sample_directory", &params.sample_directory),
            ("readme_directory", &params.readme_directory),
            ("html_directory", &params.html_directory),
            (log::TAG_VARIABLE, &params.syslog_name),
        ];
        for (name, value) in texts {
            environment.insert(name.into(), value.into());
        }
        if !params.maillog_file.is_empty() {
            let socket = params
                .queue_directory
                .join("public")
                .join(&params.postlog_service_name);
            environment.insert(log::SERVICE_VARIABLE.into(), socket.into_os_string());
            environment.insert(
                log::HOSTNAME_VARIABLE.into(),
                params.myhostname.clone().into(),
            );
        }
        if options.verbose > 0 {
            environment.insert("MAIL_VERBOSE".into(), "".into());
        }
        if options.debug {
            environment.insert("MAIL_DEBUG".into(), "".into());
        }
        environment
    }
}
