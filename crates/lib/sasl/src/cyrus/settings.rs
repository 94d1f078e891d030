// SPDX-License-Identifier: MIT OR Apache-2.0
//! The settings of the Cyrus SASL library for one application: `name: value` lines.
//!
//! *Errors*: a file that is there and cannot be read, or is too long.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use runtime::log;
use runtime::text::reason;

/// The longest file.
const FILE_LIMIT: u64 = 64 * 1024;

/// Who can check a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// The daemon saslauthd.
    Saslauthd,
    /// Its predecessor pwcheck.
    Pwcheck,
    /// The file sasldb2.
    Sasldb,
}

/// What of the settings matters here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) methods: Vec<Method>,
    /// `mech_list`, if there is one.
    pub(super) mechanisms: Option<Vec<String>>,
    pub(super) saslauthd: PathBuf,
    pub(super) pwcheck: PathBuf,
    pub(super) sasldb: PathBuf,
}

impl Settings {
    /// The settings of `application`, in the first directory that has some. Without any, the
    /// library's defaults.
    pub(super) fn find(directories: &[PathBuf], application: &str) -> Result<Settings, String> {
        for directory in directories {
            let path = directory.join(format!("{application}.conf"));
            match read(&path) {
                Ok(text) => return Ok(Settings::parse(&text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(format!("open {}: {}", path.display(), reason(&error))),
            }
        }
        Ok(Settings::parse(""))
    }

    fn parse(text: &str) -> Settings {
        let value = |wanted: &str| {
            let lines = text.lines().map(str::trim);
            let settings = lines.filter(|line| !line.starts_with('#'));
            let mut settings = settings.filter_map(|line| line.split_once(':'));
            let found = settings.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim())
        };
        let words = |text: &str| -> Vec<String> {
            let words = text.split([' ', '\t', ',']);
            words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let path = |name: &str, default: &str| PathBuf::from(value(name).unwrap_or(default));
        let plugins = words(value("auxprop_plugin").unwrap_or_default());
        for plugin in plugins.iter().filter(|plugin| *plugin != "sasldb") {
            log::warning(format_args!(
                "SASL auxprop plugin {plugin} is not available"
            ));
        }
        let methods = words(value("pwcheck_method").unwrap_or("auxprop"));
        Settings {
            methods: methods.iter().filter_map(|name| method(name)).collect(),
            mechanisms: value("mech_list").map(words),
            saslauthd: path("saslauthd_path", "/var/run/saslauthd/mux"),
            pwcheck: PathBuf::from("/var/pwcheck/pwcheck"),
            sasldb: path("sasldb_path", "/etc/sasldb2"),
        }
    }
}

fn method(name: &str) -> Option<Method> {
    match name {
        "saslauthd" => Some(Method::Saslauthd),
        "pwcheck" => Some(Method::Pwcheck),
        // As version 1 of the library called it.
        "auxprop" | "sasldb" => Some(Method::Sasldb),
        _ => {
            log::warning(format_args!("SASL pwcheck_method {name} is not available"));
            None
        }
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(FILE_LIMIT + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "file is too long",
        ));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_lines_of_names_and_values() {
        let settings = Settings::parse(
            "# comment: x\nPwcheck_Method: saslauthd auxprop nosuch\n  mech_list :plain login\n\
             saslauthd_path:/run/mux\nnonsense\n",
        );
        assert_eq!(settings.methods, [Method::Saslauthd, Method::Sasldb]);
        let mechanisms = ["plain".to_owned(), "login".to_owned()];
        assert_eq!(settings.mechanisms.as_deref(), Some(&mechanisms[..]));
        assert_eq!(settings.saslauthd, Path::new("/run/mux"));
        assert_eq!(settings.sasldb, Path::new("/etc/sasldb2"));
    }

    #[test]
    fn without_settings_passwords_are_in_sasldb() {
        let settings = Settings::find(&["/nonexistent".into()], "smtpd").expect("defaults");
        assert_eq!(settings.methods, [Method::Sasldb]);
        assert_eq!(settings.mechanisms, None);
    }

    #[test]
    fn the_first_directory_with_settings_counts() {
        let [one, two] = [(); 2].map(|()| tempfile::tempdir().expect("directory"));
        let directories = [one.path().into(), two.path().into()];
        std::fs::write(two.path().join("x.conf"), "pwcheck_method: pwcheck").expect("settings");
        let methods = || Settings::find(&directories, "x").expect("settings").methods;
        assert_eq!(methods(), [Method::Pwcheck]);
        std::fs::write(one.path().join("x.conf"), "pwcheck_method: saslauthd").expect("settings");
        assert_eq!(methods(), [Method::Saslauthd]);
    }
}
