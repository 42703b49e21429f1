//! The words of a text that tell what it is about: what a question is searched by and an answer is weighed by.
//!
//! English and German. No stemming of the index (that is the store's) and no query language.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The most words that a question is searched by.
const MAX_WORDS: usize = 24;
/// A longer run of letters is no word that a document holds.
const MAX_WORD_CHARS: usize = 64;

/// What says nothing about the subject of a question.
const STOP_WORDS: &str = "\
    a about after all also am an and any are as at be because been before being both but by can cannot could did do does doing \
    don't down during each either else even ever every few find for from further get gets getting give go had has have having he \
    hello help her here hers hi him his how i i'd i'm i've if in into is isn't it it's its itself just know let lets let's like \
    look made make makes many may me mean means might more most much must my myself need needs no nor not now of off on once one \
    only or other our out over own please say see shall she should so some such tell than thanks that that's the their them \
    then there these they thing things this those through to too try under until up upon us use used using very want wants was we \
    well were what what's when where whether which while who whom whose why will with within without would yes you you'd your \
    yours exactly explain happen happens possible work works \
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist bitte brauche da dabei dafür \
    damit danach dann daran darauf darf das dass dazu dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir \
    doch dort du durch eigentlich ein eine einem einen einer eines er es etwas euch euer für gegen geht genau gibt hab habe haben \
    hallo hat hatte hier hin ich ihm ihn ihnen ihr ihre ihrem ihren im in ins ist ja jede jedem jeden jeder jedes jetzt kann kannst kein \
    keine keinen können könnte könnten lassen lässt mach mache machen macht man mehr mein meine meinem meinen meiner mich mir mit \
    möchte möglich muss musst müssen nach nein nicht nichts noch nun nur ob oder ohne sagen sehr sein seine seinen sich sie \
    sind so soll sollen sollte sondern sowie über um und uns unser unsere unter viel vom von vor wann war warum was weil welche welchem \
    welchen welcher welches wenn wer werde werden wie wieso will wir wird wirklich wo wofür wohin womit wozu worden wurde würde zu zum zur zwischen";

static STOPS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| STOP_WORDS.split_whitespace().collect());

/// The words to search a question by: lower case, each once, in the order of the question, without stop words.
/// Identifiers such as `data-agent-key` or `config.default.toml` stay whole.
pub fn search_words(question: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    words(question)
        .filter(|word| !is_stop_word(word) && seen.insert(word.clone()))
        .take(MAX_WORDS)
        .collect()
}

/// All words of a text, lower case, identifiers whole.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|char: char| !is_of_a_word(char))
        .map(|word| word.trim_matches(|char: char| !char.is_alphanumeric()))
        .filter(|word| !word.is_empty() && word.chars().count() <= MAX_WORD_CHARS)
        .map(str::to_lowercase)
}

/// Whether a lower-case word says nothing about a subject.
pub fn is_stop_word(word: &str) -> bool {
    let mut chars = word.chars();
    let is_one_letter =
        chars.next().is_some_and(|char| char.is_alphabetic() && char.is_ascii()) && chars.next().is_none();
    is_one_letter || STOPS.contains(word)
}

/// Whether two lower-case words are the same but for their ending (`origin`, `origins`; `Seite`, `Seiten`).
pub fn is_same_word(one: &str, other: &str) -> bool {
    if one == other || without_ing(one) == without_ing(other) {
        return true;
    }
    let common = one
        .chars()
        .zip(other.chars())
        .take_while(|(left, right)| left == right)
        .count();
    let longest = one.chars().count().max(other.chars().count());
    // Endings of up to three letters on a stem that is most of the word: `allow`, `allowing`, but not `server`, `service`.
    common >= 4 && longest - common <= 3 && common * 5 >= longest * 3
}

/// `embedding` is `embed`, `running` is `run`: the consonant is doubled before the ending.
fn without_ing(word: &str) -> &str {
    let Some(stem) = word.strip_suffix("ing") else {
        return word;
    };
    let mut last = stem.char_indices().rev();
    match (last.next(), last.next()) {
        (Some((at, one)), Some((_, other))) if one == other && at >= 3 => &stem[..at],
        _ => word,
    }
}

/// How much of the words a text holds, 0 to 1; longer words count more, since they say more.
pub fn share_of(asked: &[String], text: &str) -> f64 {
    let weight = |word: &String| (word.chars().count().clamp(3, 6)) as f64;
    let all: f64 = asked.iter().map(weight).sum();
    if all == 0.0 {
        return 0.0;
    }
    let there: Vec<String> = words(text).flat_map(with_parts).collect();
    let held: f64 = asked
        .iter()
        .filter(|asked| {
            let is_it = |word: &String| is_same_word(asked, word) || is_end_of(asked, word) || is_end_of(word, asked);
            there.iter().any(is_it)
        })
        .map(weight)
        .sum();
    held / all
}

/// Whether a word is the end of a longer one, which then is a kind of it (`site`, `website`; `Sicherung`,
/// `Datensicherung`).
fn is_end_of(word: &str, longer: &str) -> bool {
    word.chars().count() >= 4 && longer.ends_with(word)
}

/// A word, and the parts of an identifier.
fn with_parts(word: String) -> Vec<String> {
    let parts: Vec<String> = word
        .split(|char: char| !char.is_alphanumeric())
        .filter(|part| part.len() < word.len() && part.len() > 1)
        .map(str::to_owned)
        .collect();
    let mut all = vec![word];
    all.extend(parts);
    all
}

fn is_of_a_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | '\'' | '/' | ':')
}

#[cfg(test)]
mod tests;
