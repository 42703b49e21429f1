//! Agents: validation of what is saved, the hash of a configuration, versions, and the table that the gate asks.
