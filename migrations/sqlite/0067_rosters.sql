-- Rosters: who takes over a seat of a leading group, a task force or an office, that it is vacant, or that the step before
-- is taken back. Append-only, row_sha256 as elsewhere; the steps of a seat in the order of version.
CREATE TABLE body_step (
  plan_id     TEXT NOT NULL,
  body        TEXT NOT NULL,      -- its id in the plan
  seat        TEXT NOT NULL CHECK (length(seat) > 0),   -- what the plan says of it: role, name, title, unit
  version     INTEGER NOT NULL CHECK (version >= 1),
  step        TEXT NOT NULL CHECK (step IN ('take', 'vacate', 'withdraw')),
  name        TEXT CHECK (length(name) > 0),
  title       TEXT CHECK (length(title) > 0),
  since       TEXT,
  words       TEXT NOT NULL CHECK (length(words) > 0),
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  account_id  INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq   INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, body, seat, version),
  CHECK ((name IS NOT NULL OR title IS NOT NULL) = (step = 'take')),
  CHECK ((since IS NULL) = (step = 'withdraw'))
) STRICT;

CREATE TRIGGER body_step_no_update BEFORE UPDATE ON body_step BEGIN SELECT RAISE(ABORT, 'body_step is append-only'); END;
CREATE TRIGGER body_step_no_delete BEFORE DELETE ON body_step BEGIN SELECT RAISE(ABORT, 'body_step is append-only'); END;
CREATE TRIGGER body_step_no_replace BEFORE INSERT ON body_step WHEN EXISTS (SELECT 1 FROM body_step WHERE plan_id = NEW.plan_id AND body = NEW.body AND seat = NEW.seat AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'body_step is append-only'); END;

INSERT INTO audit_action (name) VALUES ('succeed_member'), ('vacate_seat'), ('withdraw_succession');
