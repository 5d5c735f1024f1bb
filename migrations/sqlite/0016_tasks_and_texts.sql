-- What became of dated tasks, and which of the units' sentences the office put into a bulletin. Append-only, row_sha256
-- as elsewhere.

-- A unit's part in a task: reported done, withdrawn, confirmed, sent back, extended; the steps in the order of version.
CREATE TABLE task_step (
  plan_id    TEXT NOT NULL,
  task_id    TEXT NOT NULL,
  unit_id    TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('report', 'withdraw', 'confirm', 'send_back', 'extend')),
  day        TEXT CHECK ((day IS NOT NULL) = (step IN ('report', 'extend'))),   -- done on; extended to
  words      TEXT NOT NULL CHECK (length(words) > 0 OR step IN ('withdraw', 'confirm')),
  proof      TEXT NOT NULL CHECK (length(proof) > 0 OR step <> 'report'),   -- where what shows it is kept
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, task_id, unit_id, version)
) STRICT;

-- A passage of a unit's text that the office picked for the bulletin of a period; the highest version of a number counts.
CREATE TABLE text_pick (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  number     INTEGER NOT NULL CHECK (number >= 1),
  version    INTEGER NOT NULL CHECK (version >= 1),
  unit_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,   -- '': the return as a whole
  topic      TEXT NOT NULL CHECK (length(topic) > 0),
  source     TEXT NOT NULL CHECK (length(source) > 0),   -- the unit's sentences as it handed them in
  words      TEXT NOT NULL,   -- as they stand in the bulletin; '': taken out again
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, number, version)
) STRICT;

CREATE TRIGGER task_step_no_update BEFORE UPDATE ON task_step BEGIN SELECT RAISE(ABORT, 'task_step is append-only'); END;
CREATE TRIGGER task_step_no_delete BEFORE DELETE ON task_step BEGIN SELECT RAISE(ABORT, 'task_step is append-only'); END;
CREATE TRIGGER task_step_no_replace BEFORE INSERT ON task_step WHEN EXISTS (SELECT 1 FROM task_step WHERE plan_id = NEW.plan_id AND task_id = NEW.task_id AND unit_id = NEW.unit_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'task_step is append-only'); END;
CREATE TRIGGER text_pick_no_update BEFORE UPDATE ON text_pick BEGIN SELECT RAISE(ABORT, 'text_pick is append-only'); END;
CREATE TRIGGER text_pick_no_delete BEFORE DELETE ON text_pick BEGIN SELECT RAISE(ABORT, 'text_pick is append-only'); END;
CREATE TRIGGER text_pick_no_replace BEFORE INSERT ON text_pick WHEN EXISTS (SELECT 1 FROM text_pick WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND number = NEW.number AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'text_pick is append-only'); END;

INSERT INTO audit_action (name) VALUES
  ('report_task'), ('withdraw_task'), ('confirm_task'), ('send_back_task'), ('extend_task'), ('pick_text'), ('drop_text');
