-- What the office writes on its paper around an edition: the newest version is in force. Append-only, row_sha256 as elsewhere.
CREATE TABLE letterhead (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL,
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition    INTEGER NOT NULL CHECK (edition >= 1),
  version    INTEGER NOT NULL CHECK (version >= 1),
  content    TEXT NOT NULL,
  at         INTEGER NOT NULL,
  set_by     TEXT NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, edition, version)
) STRICT;

CREATE TRIGGER letterhead_no_update BEFORE UPDATE ON letterhead BEGIN SELECT RAISE(ABORT, 'letterhead is append-only'); END;
CREATE TRIGGER letterhead_no_delete BEFORE DELETE ON letterhead BEGIN SELECT RAISE(ABORT, 'letterhead is append-only'); END;
CREATE TRIGGER letterhead_no_replace BEFORE INSERT ON letterhead WHEN EXISTS (SELECT 1 FROM letterhead WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND edition = NEW.edition AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'letterhead is append-only'); END;

-- Long exports: asked for, made in turn, fetched later. They hold no facts: finished ones are cleared after some days, and
-- a backup leaves them out.
CREATE TABLE export_job (
  id          TEXT PRIMARY KEY CHECK (length(id) = 32),
  kind        TEXT NOT NULL CHECK (kind IN ('assessment')),
  plan_id     TEXT NOT NULL,
  goal_id     TEXT NOT NULL,
  year        INTEGER NOT NULL,
  asked_by    TEXT NOT NULL,
  account_id  INTEGER NOT NULL,
  asked_at    INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  -- When whoever makes it last said so: another copy of the program takes over what has been silent for long.
  heard_at    INTEGER NOT NULL,
  step        TEXT NOT NULL,
  done        INTEGER NOT NULL CHECK (done >= 0),
  steps       INTEGER NOT NULL CHECK (steps >= done),
  file_name   TEXT,
  content     BLOB,
  sha256      TEXT CHECK (length(sha256) = 64),
  failure     TEXT
) STRICT;

CREATE INDEX export_job_by_account ON export_job (account_id, asked_at);

INSERT INTO audit_action (name) VALUES ('write_letterhead'), ('export_assessment');
