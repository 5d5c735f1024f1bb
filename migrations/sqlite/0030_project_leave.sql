-- 退库申请: a county asks that a project leave the year's list, the office agrees or not; the highest version counts.
-- Append-only, row_sha256 as elsewhere.
CREATE TABLE project_leave (
  office_id  TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id    TEXT NOT NULL,   -- the plan in whose name it was written
  project_id TEXT NOT NULL CHECK (length(project_id) BETWEEN 1 AND 40),   -- its number there, for ever
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('ask', 'withdraw', 'agree', 'refuse')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, year, version)
) STRICT;
CREATE TRIGGER project_leave_no_update BEFORE UPDATE ON project_leave BEGIN SELECT RAISE(ABORT, 'project_leave is append-only'); END;
CREATE TRIGGER project_leave_no_delete BEFORE DELETE ON project_leave BEGIN SELECT RAISE(ABORT, 'project_leave is append-only'); END;
CREATE TRIGGER project_leave_no_replace BEFORE INSERT ON project_leave WHEN EXISTS (SELECT 1 FROM project_leave WHERE office_id = NEW.office_id AND project_id = NEW.project_id AND year = NEW.year AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'project_leave is append-only'); END;

INSERT INTO audit_action (name) VALUES ('ask_leave'), ('withdraw_leave'), ('agree_leave'), ('refuse_leave');
