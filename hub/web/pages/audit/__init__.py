"""Who changed what: the audit chain, for those who manage a workspace."""
