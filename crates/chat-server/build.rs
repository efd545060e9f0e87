//! Puts the page into the binary: every file of `web/` below one hash of them
//! all, plain and compressed, so that the binary alone is the product. Scripts and
//! styles are as they stand there, without comments and indentation.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let web = manifest.join("../../web").canonicalize()?;

    let mut files = Vec::new();
    collect(&web, "", &mut files)?;
    files.sort();
    let read = |path: &String| fs::read(web.join(path)).map(|bytes| bare(path, bytes));
    let contents = files.iter().map(read).collect::<io::Result<Vec<_>>>()?;
    let hash = hash_of(files.iter().map(String::as_str).zip(contents.iter().cloned()));

    let mut index = fs::read_to_string(web.join("index.html"))?;
    for path in &files {
        // Only whole attribute values, so that no text is touched.
        index = index.replace(&format!("\"{path}\""), &format!("\"v/{hash}/{path}\""));
    }

    let mut table = String::new();
    let entry =
        |table: &mut String, name: &str, path: &str, at: usize, bytes: &[u8]| -> io::Result<()> {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
            gzip.write_all(bytes)?;
            fs::write(out.join(format!("{at}.raw")), bytes)?;
            fs::write(out.join(format!("{at}.gz")), gzip.finish()?)?;
            let _ = writeln!(
                table,
                "{name}Asset {{ path: {path:?}, \
             raw: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{at}.raw\")), \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{at}.gz\")) }}"
            );
            Ok(())
        };
    let tag = hash_of(std::iter::once(("index.html", index.as_bytes().to_vec())));
    let _ = writeln!(table, "const HASH: &str = {hash:?};");
    let _ = writeln!(table, "const INDEX_TAG: &str = \"\\\"{tag}\\\"\";");
    entry(&mut table, "const INDEX: Asset = ", "index.html", files.len(), index.as_bytes())?;
    table.push_str(";\nconst ASSETS: &[Asset] = &[\n");
    for (at, (path, bytes)) in files.iter().zip(&contents).enumerate() {
        entry(&mut table, "", path, at, bytes)?;
        table.push_str(",\n");
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)
}

/// The files that a browser needs, by their path below `web/` with slashes.
fn collect(web: &Path, below: &str, files: &mut Vec<String>) -> io::Result<()> {
    let folder = web.join(below);
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if name.starts_with('.') || path == "tests" || path == "index.html" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(web, &path, files)?;
        } else {
            println!("cargo::rerun-if-changed={}", web.join(&path).display());
            files.push(path);
        }
    }
    println!("cargo::rerun-if-changed={}", web.join("index.html").display());
    Ok(())
}

/// What a browser needs of a file. Comments of scripts and styles stand on lines
/// of their own, and no text goes over several lines: a test of the page compares
/// what is served with what is written.
fn bare(path: &str, bytes: Vec<u8>) -> Vec<u8> {
    let text = match String::from_utf8(bytes) {
        Ok(text) if path.ends_with(".js") || path.ends_with(".css") => text,
        Ok(text) => return text.into_bytes(),
        Err(error) => return error.into_bytes(),
    };
    let mut bare = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            bare.push_str(line);
            bare.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    bare.into_bytes()
}

fn hash_of<'a>(files: impl Iterator<Item = (&'a str, Vec<u8>)>) -> String {
    let mut all = Sha256::new();
    for (path, bytes) in files {
        all.update((path.len() as u64).to_be_bytes());
        all.update(path);
        all.update((bytes.len() as u64).to_be_bytes());
        all.update(bytes);
    }
    all.finalize().iter().take(8).fold(String::new(), |mut hex, b| {
        let _ = write!(hex, "{b:02x}");
        hex
    })
}
