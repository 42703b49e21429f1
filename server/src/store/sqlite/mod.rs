//! The store in one SQLite file: WAL, synchronous=FULL, foreign keys on, one writer, readers beside it.
