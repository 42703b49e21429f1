-- Agent keys of previews, for an hour each: what they run, and the one origin that may use them.
CREATE TABLE previews (
    workspace_id TEXT NOT NULL,
    agent_key TEXT NOT NULL UNIQUE,
    agent_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    widget TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, agent_key),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, config_hash) REFERENCES configurations (workspace_id, config_hash)
) STRICT;
CREATE INDEX previews_by_agent ON previews (workspace_id, agent_id);
CREATE INDEX previews_by_configuration ON previews (workspace_id, config_hash);

-- Conversations that somebody had in a preview: no visitor's, so lists and figures leave them out.
ALTER TABLE sessions ADD COLUMN is_preview INTEGER NOT NULL DEFAULT 0;
