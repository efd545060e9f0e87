//! What a program is made of, as CycloneDX 1.5.

use serde_json::{Value, json};

use crate::shipped::Package;

/// The bill of a program, the first of `packages`, with what is in it besides.
pub(super) fn sbom(packages: &[Package], beside: &[Package]) -> Value {
    let (program, others) = match packages {
        [program, others @ ..] => (component(program, "application"), others),
        [] => (Value::Null, &[][..]),
    };
    let components = others.iter().chain(beside).map(|package| component(package, "library"));
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": program },
        "components": components.collect::<Vec<_>>(),
    })
}

fn component(package: &Package, kind: &str) -> Value {
    let Package { name, version, licence, checksum } = package;
    let mut component = json!({
        "type": kind,
        "name": name,
        "version": version,
        "licenses": [{ "expression": licence }],
    });
    // What was downloaded can be found again; ours and the system's can't.
    if let Some(checksum) = checksum {
        component["purl"] = format!("pkg:cargo/{name}@{}", version.replace('+', "%2B")).into();
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_named_with_its_licence_and_checksum() {
        let package = |name: &str, checksum: Option<&str>| Package {
            name: name.into(),
            version: "1.2.1+spec-1.1.0".into(),
            licence: "MIT".into(),
            checksum: checksum.map(Into::into),
        };
        let bill =
            sbom(&[package("chat", None), package("toml", Some("ab"))], &[package("c", None)]);
        assert_eq!(bill["metadata"]["component"]["name"], "chat");
        assert_eq!(bill["metadata"]["component"]["type"], "application");
        let parts = bill["components"].as_array().unwrap();
        assert_eq!((&parts[0]["name"], &parts[1]["name"]), (&json!("toml"), &json!("c")));
        assert_eq!(parts[0]["purl"], "pkg:cargo/toml@1.2.1%2Bspec-1.1.0");
        assert_eq!(parts[0]["hashes"][0]["content"], "ab");
        assert_eq!(parts[0]["licenses"][0]["expression"], "MIT");
        assert_eq!(parts[1]["purl"], Value::Null);
    }
}
