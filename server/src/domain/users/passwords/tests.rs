//! The stand-in for nobody's hash costs what a real one costs.

#![allow(clippy::unwrap_used)]

use super::*;

#[tokio::test]
async fn nobody_s_hash_has_the_parameters_of_a_new_one() {
    let made = Passwords::default().hash("a sentence of my own").await.unwrap().0;
    let head = |text: &str| text.rsplitn(3, '$').last().unwrap().to_owned();
    assert_eq!(head(&made), head(NOBODY));
    let (salt, hash) = (made.rsplit('$').nth(1).unwrap(), made.rsplit('$').next().unwrap());
    assert_eq!(salt.len(), NOBODY.rsplit('$').nth(1).unwrap().len());
    assert_eq!(hash.len(), NOBODY.rsplit('$').next().unwrap().len());
    assert!(phc::PasswordHash::new(NOBODY).is_ok());
}

#[tokio::test]
async fn a_password_is_known_again_however_its_letters_are_composed() {
    let passwords = Passwords::default();
    let hash = passwords.hash("caf\u{e9} au lait, s'il vous pla\u{ee}t").await.unwrap();
    let verify = |text: &'static str| passwords.verify(text, Some(hash.clone()));
    assert!(verify("cafe\u{301} au lait, s'il vous plai\u{302}t").await.unwrap());
    assert!(!verify("cafe au lait, s'il vous plait").await.unwrap());
    assert!(!passwords.verify("", None).await.unwrap());
    assert_eq!(format!("{hash:?}"), "PasswordHash(..)");
}
