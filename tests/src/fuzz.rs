//! Generated origins, near misses of allowed ones, put to the server and to the oracle: every answer must be the
//! same. Not a coverage-guided fuzzer; the same seed gives the same inputs on every machine.

mod entries;
mod mutate;
pub(crate) mod random;

use atthene_server::domain::origins::{Entry, OriginSet, RequestOrigin};

use crate::oracle::{Answer, EntryReading, Oracle, read_entry};
use random::Random;

/// One list of entries, built twice.
struct Site {
    set: OriginSet,
    oracle: Oracle,
    entries: &'static [&'static str],
    name: String,
}

/// Lists of entries, canonical, each tried with and without development mode.
const LISTS: [&[&str]; 9] = [
    &["https://example.com"],
    &[
        "https://shop.example",
        "http://shop.example:8080",
        "https://www.shop.example",
    ],
    &["https://*.example.com"],
    &[
        "https://*.example.com:8443",
        "https://example.com:8443",
        "http://*.app.example.com",
    ],
    &[
        "http://localhost:3000",
        "http://127.0.0.1",
        "https://[::1]:9000",
        "http://intranet",
    ],
    &["https://xn--bcher-kva.example", "https://*.xn--bcher-kva.example"],
    &[
        "http://192.168.0.10:8080",
        "http://[2001:db8::1]",
        "https://*.corp.internal",
    ],
    &[
        "https://me.github.io",
        "https://*.me.github.io",
        "https://*.example.co.uk",
    ],
    &[],
];

/// Puts `cases` generated inputs to both sides. Gives back how many were compared; the rest, at most one in a hundred,
/// was beyond the oracle.
pub fn fuzz_origins(cases: u64, seed: u64) -> Result<u64, String> {
    let sites = build_sites()?;
    let mut random = Random::new(seed);
    let mut header = Vec::with_capacity(512);
    let (mut allowed, mut undecided) = (0u64, 0u64);
    for case in 0..cases {
        let answer = if case % 16 == 15 {
            compare_entry(&mut random)
        } else {
            let site = &sites[random.below(sites.len())];
            mutate::write_header(&mut random, site.entries, &mut header);
            compare_request(site, &header)
        };
        match answer {
            Ok(Answer::Allowed) => allowed += 1,
            Ok(Answer::Refused) => {}
            Ok(Answer::Undecided) => undecided += 1,
            Err(difference) => return Err(format!("case {case} of seed {seed}: {difference}")),
        }
    }
    // A generator that makes only nonsense, or only good origins, would prove nothing.
    let is_mixed = cases < 1_000 || (allowed > cases / 20 && allowed < cases / 2);
    if !is_mixed || undecided > cases / 100 {
        return Err(format!(
            "a poor mix: {allowed} allowed and {undecided} undecided of {cases}"
        ));
    }
    Ok(cases - undecided)
}

/// Puts one header to both sides, for a list given in canonical form.
pub fn compare(entries: &[&str], dev_mode: bool, allow_any: bool, header: &[u8]) -> Result<Answer, String> {
    let site = build_site(&[], entries, dev_mode, allow_any)?;
    compare_request(&site, header)
}

fn build_sites() -> Result<Vec<Site>, String> {
    let mut sites = Vec::new();
    for list in LISTS {
        for dev_mode in [false, true] {
            sites.push(build_site(list, list, dev_mode, false)?);
        }
    }
    sites.push(build_site(LISTS[1], LISTS[1], false, true)?);
    Ok(sites)
}

fn build_site(
    origin_of_inputs: &'static [&'static str],
    entries: &[&str],
    dev_mode: bool,
    allow_any: bool,
) -> Result<Site, String> {
    let mut parsed = Vec::new();
    for text in entries {
        let entry = Entry::parse(text).map_err(|error| format!("{text}: {error}"))?;
        if entry.as_str() != *text {
            return Err(format!("{text} is not canonical: {entry}"));
        }
        parsed.push(entry);
    }
    Ok(Site {
        set: OriginSet::new(parsed, dev_mode, allow_any),
        oracle: Oracle::new(entries, dev_mode, allow_any).ok_or("the oracle can't read the entries")?,
        entries: origin_of_inputs,
        name: format!("{entries:?}, development mode {dev_mode}, any {allow_any}"),
    })
}

fn compare_request(site: &Site, header: &[u8]) -> Result<Answer, String> {
    let parsed = RequestOrigin::parse(header);
    let allowed = parsed.as_ref().is_ok_and(|origin| site.set.allows(origin));
    let wanted = site.oracle.answer(header);
    let agrees = match wanted {
        Answer::Allowed => allowed,
        Answer::Refused => !allowed,
        Answer::Undecided => true,
    };
    let written = header.escape_ascii();
    if !agrees {
        return Err(format!(
            "`{written}` on {}: the server says {allowed}, the oracle {wanted:?}",
            site.name
        ));
    }
    if let Ok(origin) = parsed {
        if origin.as_str().as_bytes() != header {
            return Err(format!("`{written}` is sent back as {origin}"));
        }
        if allowed && !site.set.explain(&origin).is_allowed() {
            return Err(format!("`{written}` is allowed and explained as refused"));
        }
    }
    Ok(wanted)
}

fn compare_entry(random: &mut Random) -> Result<Answer, String> {
    let text = entries::write_entry(random);
    let got = Entry::parse(&text);
    if let Ok(entry) = &got {
        let again = Entry::parse(entry.as_str());
        if again.as_ref() != Ok(entry) {
            return Err(format!("entry {text:?} becomes {entry}, and that {again:?}"));
        }
    }
    if let Err(error) = &got
        && let Some(suggestion) = error.suggestion()
        && Entry::parse(suggestion)
            .map(|entry| entry.as_str().to_owned())
            .as_deref()
            != Ok(suggestion)
    {
        return Err(format!(
            "entry {text:?} gets the suggestion {suggestion:?}, which is none"
        ));
    }
    match (read_entry(&text), got) {
        (EntryReading::Unsure, _) => Ok(Answer::Undecided),
        (EntryReading::No, Err(_)) => Ok(Answer::Refused),
        (EntryReading::Canonical(wanted), Ok(entry)) if entry.as_str() == wanted => Ok(Answer::Allowed),
        (wanted, got) => Err(format!(
            "entry {text:?}: the server says {got:?}, the oracle {wanted:?}"
        )),
    }
}
