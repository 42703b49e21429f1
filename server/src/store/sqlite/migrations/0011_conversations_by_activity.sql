-- The order in which conversations are looked through. Each turn moves its session in it twice.
CREATE INDEX sessions_by_activity ON sessions (workspace_id, last_activity_at, id);
