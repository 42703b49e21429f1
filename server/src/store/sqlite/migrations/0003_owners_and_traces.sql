-- Who made an agent: the id of a key, or `cli`.
ALTER TABLE agents ADD COLUMN created_by TEXT;
UPDATE agents SET created_by = (
    SELECT actor FROM audit_log
    WHERE audit_log.workspace_id = agents.workspace_id AND subject = agents.id AND action = 'agent.created'
    ORDER BY audit_log.id LIMIT 1
);
CREATE INDEX audit_log_by_subject ON audit_log (workspace_id, subject, action, id);

-- What traces are looked for by. No version before this one wrote any.
ALTER TABLE traces ADD COLUMN agent_id TEXT;
ALTER TABLE traces ADD COLUMN status TEXT NOT NULL DEFAULT 'completed';
CREATE INDEX traces_by_agent ON traces (workspace_id, agent_id, started_at);
CREATE INDEX traces_by_age ON traces (started_at);
