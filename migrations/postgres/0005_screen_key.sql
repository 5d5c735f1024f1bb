-- The keys of wall screens: the newest version is in force, NULL withdraws. Append-only, row_sha256 as elsewhere.
CREATE TABLE screen_key (
  version    BIGINT PRIMARY KEY CHECK (version >= 1),
  sha256     TEXT CHECK (length(sha256) = 64),
  at         BIGINT NOT NULL,
  set_by     TEXT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64)
);

CREATE TRIGGER screen_key_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON screen_key EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('issue_screen_key'), ('withdraw_screen_key');
