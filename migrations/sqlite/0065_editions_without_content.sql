-- What lists show of an edition, apart from its text: SQLite walks through all of a long text to what stands behind it.
CREATE INDEX edition_summary ON edition
  (plan_id, year, month, edition, goal_id, sha256, reason, published_at, published_by, audit_seq, public_key);
CREATE INDEX publication_summary ON publication
  (plan_id, kind, subject, year, month, edition, office, sha256, reason, at, actor, audit_seq, public_key);
