//! What the server writes on the disk is for its owner alone.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;

use super::Place;

#[tokio::test]
async fn the_folder_the_database_and_the_secret_are_for_their_owner_only() {
    let place = Place::new("builtin", &[]);
    let served = place.serve().await;
    served.visitor().start().await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data = place.path().join("data");
    assert_eq!(mode(&data), 0o700);
    let mut names = Vec::new();
    for file in std::fs::read_dir(&data).unwrap() {
        let file = file.unwrap();
        let wanted = if file.path().is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&file.path()), wanted, "{}", file.path().display());
        names.push(file.file_name().into_string().unwrap());
    }
    for name in ["atthene.db", "atthene.db-wal", "token-secret"] {
        assert!(names.iter().any(|known| known == name), "{name} is not among {names:?}");
    }
}

#[tokio::test]
async fn a_folder_that_was_there_keeps_the_mode_that_its_owner_gave_it() {
    let place = Place::new("builtin", &[("ATTHENE__DATA_DIR", "shared/inner")]);
    std::fs::set_permissions(place.path().join("shared"), std::fs::Permissions::from_mode(0o750)).unwrap();
    let _served = place.serve().await;
    let mode = std::fs::metadata(place.path().join("shared"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o750);
}
