-- 留言: what office and unit say to each other about a return, outside of its steps; a version without words says that the
-- words before it were seen. Append-only, row_sha256 as elsewhere.
CREATE TABLE return_message (
  plan_id    TEXT NOT NULL,
  rhythm     TEXT NOT NULL DEFAULT '',
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),
  side       TEXT NOT NULL CHECK (side IN ('office', 'unit')),
  words      TEXT NOT NULL,
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, rhythm, year, month, unit_id, version)
) STRICT;
CREATE TRIGGER return_message_no_update BEFORE UPDATE ON return_message BEGIN SELECT RAISE(ABORT, 'return_message is append-only'); END;
CREATE TRIGGER return_message_no_delete BEFORE DELETE ON return_message BEGIN SELECT RAISE(ABORT, 'return_message is append-only'); END;
CREATE TRIGGER return_message_no_replace BEFORE INSERT ON return_message WHEN EXISTS (SELECT 1 FROM return_message WHERE plan_id = NEW.plan_id AND rhythm = NEW.rhythm AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'return_message is append-only'); END;

INSERT INTO audit_action (name) VALUES ('write_message'), ('see_message');
