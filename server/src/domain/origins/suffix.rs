//! Whether a wildcard over a name would hand the door to strangers. It knows the Public Suffix List, private
//! section included; it does not judge single origins, which are safe on any name.

/// A label that no rule of the list can name, to find out whether every child of a name is a suffix itself.
const PROBE: &str = "atthene-probe-7f3a";

/// The public suffix that `*.base` would cover, if it covers one. `base` is lower-case ASCII with two labels or more.
///
/// That is `base` itself (`co.uk`, `github.io`), or everything under it when the list says that each child is a
/// suffix (`*.kawasaki.jp`), for then each child belongs to somebody else.
pub(super) fn public_suffix_under(base: &str) -> Option<String> {
    if is_public_suffix(base) {
        return Some(base.to_owned());
    }
    is_public_suffix(&format!("{PROBE}.{base}")).then(|| format!("*.{base}"))
}

fn is_public_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.as_bytes() == name.as_bytes())
}
