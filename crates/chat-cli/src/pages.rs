//! What is made of the command line's definition: completions for shells, and manual pages.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::{
    args::{Args, CompletionsArgs, ManArgs},
    exit::{Exit, Failure},
};

pub(crate) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut page = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "chat-cli", &mut page);
    print(&page)
}

pub(crate) fn man(args: ManArgs) -> Result<(), Failure> {
    let mut whole = Args::command();
    whole.build();
    let command = match &args.command {
        Some(name) => whole.find_subcommand(name).cloned().unwrap_or(whole),
        None => whole,
    };
    let name = command.get_bin_name().unwrap_or("chat-cli").replace(' ', "-");
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .title(name)
        .render(&mut page)
        .map_err(|error| Failure::new(Exit::Error, error.to_string()))?;
    print(&page)
}

fn print(page: &[u8]) -> Result<(), Failure> {
    match io::stdout().write_all(page) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Error, format!("nothing can be printed: {error}")))
        }
        _ => Ok(()),
    }
}
