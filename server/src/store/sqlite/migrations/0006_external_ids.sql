-- The ids that back ends have for their conversations, unique for each key; gone with the session.
CREATE TABLE external_ids (
    workspace_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    external_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, key_id, external_id),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX external_ids_by_session ON external_ids (workspace_id, session_id);
