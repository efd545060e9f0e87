//! By which names, from which pages, and who opens rooms.

use std::ffi::OsStr;
use std::path::Path;

use chat_server::{Config, CreateKey, Host, Origin, PublicUrl, read_create_key};
use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Args, Command, Error};

#[derive(Debug, Args)]
#[command(next_help_heading = "Who may connect")]
pub(crate) struct Visitors {
    /// Where people find the page, such as https://chat.example.org or
    /// https://example.org/chat behind a proxy; may be given more than once, or
    /// as a list with commas.
    #[arg(long = "public-url", env = "CHAT_PUBLIC_URL", value_name = "URL", value_delimiter = ',')]
    public_urls: Vec<PublicUrl>,
    /// A name that the server answers to besides localhost, addresses and the
    /// public URLs', such as this machine's own; may be given more than once,
    /// or as a list with commas.
    #[arg(
        long = "allow-host",
        env = "CHAT_ALLOW_HOST",
        value_name = "NAME",
        value_delimiter = ','
    )]
    allow_hosts: Vec<Host>,
    /// An origin elsewhere whose pages may use this server, such as
    /// https://app.example.org; may be given more than once, or as a list with
    /// commas.
    #[arg(
        long = "allow-origin",
        env = "CHAT_ALLOW_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    allow_origins: Vec<Origin>,
    /// A file with a key (at most 256 visible ASCII characters) that whoever
    /// opens a room must show. Without it everybody may.
    #[arg(long, env = "CHAT_CREATE_KEY", hide_env_values = true, value_name = "FILE")]
    #[arg(value_parser = KeyFile)]
    create_key: Option<CreateKey>,
}

impl Visitors {
    pub(super) fn set(self, config: &mut Config) {
        config.public_urls = self.public_urls;
        config.allow_hosts = self.allow_hosts;
        config.allow_origins = self.allow_origins;
        config.create_key = self.create_key;
    }
}

/// Reads the key. The usual errors would repeat what was given, which may be
/// the key itself by mistake.
#[derive(Clone)]
struct KeyFile;

impl TypedValueParser for KeyFile {
    type Value = CreateKey;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        path: &OsStr,
    ) -> Result<CreateKey, Error> {
        read_create_key(Path::new(path)).map_err(|error| {
            let sentence = format!("--create-key: {error}\n");
            Error::raw(ErrorKind::ValueValidation, sentence).with_cmd(command)
        })
    }
}
