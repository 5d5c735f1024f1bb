-- 监测数: weekly and ten-day figures, entered by a unit's reporter without sign-off; the highest version counts. Nothing
-- that ranks, assesses or adds up reads this table. Append-only, row_sha256 as elsewhere.
CREATE TABLE watched_figure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  as_of      TEXT NOT NULL CHECK (length(as_of) = 10),
  version    INTEGER NOT NULL CHECK (version >= 1),
  value      INTEGER CHECK (abs(value) <= 1000000000000000),
  growth     TEXT,              -- of a goal that is itself a percentage: an exact fraction num/den
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, region_id, as_of, version)
) STRICT;
CREATE TRIGGER watched_figure_no_update BEFORE UPDATE ON watched_figure BEGIN SELECT RAISE(ABORT, 'watched_figure is append-only'); END;
CREATE TRIGGER watched_figure_no_delete BEFORE DELETE ON watched_figure BEGIN SELECT RAISE(ABORT, 'watched_figure is append-only'); END;
CREATE TRIGGER watched_figure_no_replace BEFORE INSERT ON watched_figure WHEN EXISTS (SELECT 1 FROM watched_figure WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND region_id = NEW.region_id AND as_of = NEW.as_of AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'watched_figure is append-only'); END;

INSERT INTO audit_action (name) VALUES ('watch');
