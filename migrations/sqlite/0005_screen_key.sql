-- The keys of wall screens: the newest version is in force, NULL withdraws. Append-only, row_sha256 as elsewhere.
CREATE TABLE screen_key (
  version    INTEGER PRIMARY KEY CHECK (version >= 1),
  sha256     TEXT CHECK (length(sha256) = 64),
  at         INTEGER NOT NULL,
  set_by     TEXT NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64)
) STRICT;

CREATE TRIGGER screen_key_no_update BEFORE UPDATE ON screen_key BEGIN SELECT RAISE(ABORT, 'screen_key is append-only'); END;
CREATE TRIGGER screen_key_no_delete BEFORE DELETE ON screen_key BEGIN SELECT RAISE(ABORT, 'screen_key is append-only'); END;
CREATE TRIGGER screen_key_no_replace BEFORE INSERT ON screen_key WHEN EXISTS (SELECT 1 FROM screen_key WHERE version = NEW.version) BEGIN SELECT RAISE(ABORT, 'screen_key is append-only'); END;

INSERT INTO audit_action (name) VALUES ('issue_screen_key'), ('withdraw_screen_key');
