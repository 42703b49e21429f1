-- How large the file of a document was, in bytes; none where it was indexed before this was kept.
ALTER TABLE documents ADD COLUMN bytes INTEGER;
