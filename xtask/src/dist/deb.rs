//! A program as Debian's package, with what belongs beside it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{copy, pages::Pages, release::Release, write};
use crate::{command::run as run_command, shipped::Package};

/// What is to be packed.
pub(super) struct Deb<'a> {
    pub(super) program: &'a str,
    pub(super) packages: &'a [Package],
    pub(super) pages: &'a Pages,
    pub(super) release: &'a Release,
}

/// What the server's package holds besides, from the repository to the system.
const SERVER: [(&str, &str); 8] = [
    ("deploy/chat-server.service", "usr/lib/systemd/system/chat-server.service"),
    ("deploy/chat-server.socket", "usr/lib/systemd/system/chat-server.socket"),
    ("deploy/chat-server.toml", CONFIG),
    ("deploy/nginx.conf", "usr/share/doc/chat-server/examples/nginx.conf"),
    ("deploy/Caddyfile", "usr/share/doc/chat-server/examples/Caddyfile"),
    ("deploy/debian/postinst", "DEBIAN/postinst"),
    ("deploy/debian/prerm", "DEBIAN/prerm"),
    ("deploy/debian/postrm", "DEBIAN/postrm"),
];

/// What stays as the admin wrote it.
const CONFIG: &str = "etc/chat-server/chat-server.toml";

impl Deb<'_> {
    /// Packs what is in `folder`, and puts the package there.
    ///
    /// # Errors
    ///
    /// A sentence with what failed.
    pub(super) fn build(&self, root: &Path, folder: &Path) -> Result<(), String> {
        let (program, version) = (self.program, self.version());
        let tree = root.join("target").join("deb").join(program);
        if tree.exists() {
            fs::remove_dir_all(&tree).map_err(|why| format!("{}: {why}", tree.display()))?;
        }
        self.fill(root, folder, &tree)?;
        write(&tree.join("DEBIAN/control"), &self.control(&tree)?)?;
        // Whatever the umask is here.
        run_command(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(&tree))?;
        let name = format!("{program}_{version}_{}.deb", self.release.architecture());
        run_command(
            Command::new("dpkg-deb")
                .args(["--build", "--root-owner-group", "-Zgzip"])
                .env("SOURCE_DATE_EPOCH", &self.release.epoch)
                .arg(&tree)
                .arg(folder.join(name)),
        )
    }

    fn version(&self) -> &str {
        self.packages.first().map_or("0", |package| &package.version)
    }

    fn fill(&self, root: &Path, folder: &Path, tree: &Path) -> Result<(), String> {
        let program = self.program;
        let doc = tree.join("usr/share/doc").join(program);
        copy(&folder.join(program), &tree.join("usr/bin").join(program))?;
        copy(&folder.join(format!("{program}.notices.txt")), &doc.join("copyright"))?;
        copy(&root.join("CHANGELOG.md"), &doc.join("changelog"))?;
        let mut packed = vec![doc.join("changelog")];
        for (file, text) in &self.pages.manual {
            let section = file.rsplit('.').next().unwrap_or_default();
            let page = tree.join(format!("usr/share/man/man{section}/{file}"));
            write(&page, text)?;
            packed.push(page);
        }
        run_command(Command::new("gzip").args(["--best", "--no-name"]).args(packed))?;
        for (shell, file, text) in &self.pages.completions {
            let place = match *shell {
                "zsh" => "usr/share/zsh/vendor-completions",
                "fish" => "usr/share/fish/vendor_completions.d",
                _ => "usr/share/bash-completion/completions",
            };
            write(&tree.join(place).join(file), text)?;
        }
        if program == "chat-server" {
            for (from, to) in SERVER {
                copy(&root.join(from), &tree.join(to))?;
            }
            copy(&root.join("docs/operating.md"), &doc.join("operating.md"))?;
            write(&tree.join("DEBIAN/conffiles"), &format!("/{CONFIG}\n"))?;
            let scripts =
                ["postinst", "prerm", "postrm"].map(|name| tree.join("DEBIAN").join(name));
            run_command(Command::new("chmod").arg("+x").args(scripts))?;
        }
        Ok(())
    }

    fn control(&self, tree: &Path) -> Result<String, String> {
        let (program, version) = (self.program, self.version());
        let binary = tree.join("usr/bin").join(program);
        let (depends, about) = match program {
            "chat-server" => (
                String::new(),
                "Server of temporary private rooms\n \
                 Whoever has a room's token joins with a nickname and talks. There are no accounts,\n \
                 and nothing is kept. The page is in the program.\n",
            ),
            _ => (
                format!("Depends: libc6 (>= {}), libgcc-s1\n", glibc(&binary)?),
                "Terminal client of temporary private rooms\n \
                 Opens rooms and talks in them, on the whole screen or line by line.\n",
            ),
        };
        Ok(format!(
            "Package: {program}\nVersion: {version}\nArchitecture: {}\nSection: net\n\
             Priority: optional\nInstalled-Size: {}\nMaintainer: the chat authors <root@localhost>\n\
             {depends}Description: {about}",
            self.release.architecture(),
            kibibytes(tree)?,
        ))
    }
}

/// The newest version of the C library that a program asks for.
fn glibc(binary: &Path) -> Result<String, String> {
    let bytes = fs::read(binary).map_err(|why| format!("{}: {why}", binary.display()))?;
    newest(&bytes).ok_or_else(|| format!("{} asks for no C library", binary.display()))
}

/// The newest of the versions `GLIBC_2.34` that stand in these bytes.
fn newest(bytes: &[u8]) -> Option<String> {
    let mark = b"GLIBC_";
    let at = |start: usize| {
        let text = bytes[start + mark.len()..].iter().map_while(|byte| {
            (byte.is_ascii_digit() || *byte == b'.').then_some(char::from(*byte))
        });
        let text: String = text.take(16).collect();
        let parts: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
        parts.map(|parts| (parts, text.clone()))
    };
    let starts = (0..bytes.len()).filter(|start| bytes[*start..].starts_with(mark));
    starts.filter_map(at).max().map(|(_, text)| text)
}

/// How much is installed.
fn kibibytes(tree: &Path) -> Result<u64, String> {
    let mut bytes = 0;
    let mut folders: Vec<PathBuf> = vec![tree.into()];
    while let Some(folder) = folders.pop() {
        let said = |why| format!("{}: {why}", folder.display());
        for entry in fs::read_dir(&folder).map_err(said)? {
            let entry = entry.map_err(said)?;
            let about = entry.metadata().map_err(said)?;
            match about.is_dir() {
                true => folders.push(entry.path()),
                false => bytes += about.len(),
            }
        }
    }
    Ok(bytes.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn the_newest_version_is_by_number() {
        let bytes = b"\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.4\0GLIBC_PRIVATE\0GLIBC_";
        assert_eq!(newest(bytes).as_deref(), Some("2.34"));
        assert_eq!(newest(b"nothing"), None);
    }
}
