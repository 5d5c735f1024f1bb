-- Who looked at figures of others that may not be published: counted by day, person and address while the day lasts, and
-- then sealed, a row of the audit trail for the rows of each day.
CREATE TABLE viewing_today (
  day        TEXT NOT NULL CHECK (length(day) = 10),
  account_id INTEGER NOT NULL REFERENCES account (id),
  actor      TEXT NOT NULL,              -- the post and its holder of that moment
  path       TEXT NOT NULL,              -- the address without its question
  views      INTEGER NOT NULL CHECK (views >= 1),
  first_at   INTEGER NOT NULL,
  last_at    INTEGER NOT NULL,
  PRIMARY KEY (day, account_id, actor, path)
) STRICT;

-- Append-only, row_sha256 as elsewhere.
CREATE TABLE viewing (
  day        TEXT NOT NULL CHECK (length(day) = 10),
  account_id INTEGER NOT NULL REFERENCES account (id),
  actor      TEXT NOT NULL,
  path       TEXT NOT NULL,
  views      INTEGER NOT NULL CHECK (views >= 1),
  first_at   INTEGER NOT NULL,
  last_at    INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (audit_seq, day, account_id, actor, path)
) STRICT;
CREATE INDEX viewing_by_day ON viewing (day);

CREATE TRIGGER viewing_no_update BEFORE UPDATE ON viewing BEGIN SELECT RAISE(ABORT, 'viewing is append-only'); END;
CREATE TRIGGER viewing_no_delete BEFORE DELETE ON viewing BEGIN SELECT RAISE(ABORT, 'viewing is append-only'); END;
CREATE TRIGGER viewing_no_replace BEFORE INSERT ON viewing WHEN EXISTS (SELECT 1 FROM viewing WHERE audit_seq = NEW.audit_seq AND day = NEW.day AND account_id = NEW.account_id AND actor = NEW.actor AND path = NEW.path) BEGIN SELECT RAISE(ABORT, 'viewing is append-only'); END;

INSERT INTO audit_action (name) VALUES ('seal_viewings');
