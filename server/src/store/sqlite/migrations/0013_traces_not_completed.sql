-- Turns that did not end well are looked for among many that did. Those that did are not in this index, and do not pay for it.
CREATE INDEX traces_not_completed ON traces (workspace_id, status, started_at) WHERE status <> 'completed';
