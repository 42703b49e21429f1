-- The most tokens of an agent and UTC day; none where there is no limit.
ALTER TABLE agents ADD COLUMN token_budget_per_day INTEGER;

-- What an agent spent on a day; the day counts from 1970-01-01.
CREATE TABLE agent_days (
    workspace_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, day),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE
) STRICT;
