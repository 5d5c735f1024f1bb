-- Facts only: nothing here can be computed from anything else here.
-- Every table is append-only; a change is a new row, in one transaction with its audit row.
-- Times are UTC milliseconds. Amounts are the goal's smallest unit (whole 元 for money).

-- The hash chain: hash = SHA-256 of the canonical JSON of all other columns; previous_hash links to the row before.
CREATE TABLE audit (
  seq           INTEGER PRIMARY KEY CHECK (seq >= 1),
  at            INTEGER NOT NULL,
  actor         TEXT NOT NULL CHECK (length(actor) > 0),
  action        TEXT NOT NULL CHECK (action IN ('mark_demo', 'import_plan', 'import_returns', 'publish')),
  object        TEXT NOT NULL,
  detail        TEXT NOT NULL,   -- canonical JSON; holds the digest of the rows written with it
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash          TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

-- What the database as a whole is: one row 'demo' marks made-up figures.
CREATE TABLE mark (
  name      TEXT PRIMARY KEY CHECK (name IN ('demo')),
  audit_seq INTEGER NOT NULL REFERENCES audit (seq)
) STRICT;

-- A plan as its file; a revision keeps the old version and says why.
CREATE TABLE plan_version (
  plan_id     TEXT NOT NULL,
  version     INTEGER NOT NULL CHECK (version >= 1),
  source      TEXT NOT NULL,
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  file_name   TEXT NOT NULL,
  reason      TEXT CHECK (version = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  recorded_at INTEGER NOT NULL,
  recorded_by TEXT NOT NULL,
  audit_seq   INTEGER NOT NULL REFERENCES audit (seq),
  PRIMARY KEY (plan_id, version)
) STRICT;

-- What one unit stated for one goal and period; the highest revision is in force.
CREATE TABLE return_revision (
  plan_id     TEXT NOT NULL,
  goal_id     TEXT NOT NULL,
  region_id   TEXT NOT NULL,
  year        INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month       INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  revision    INTEGER NOT NULL CHECK (revision >= 1),
  state       TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'signed', 'approved', 'sent_back', 'withdrawn')),
  value       INTEGER CHECK (abs(value) <= 1000000000000000),
  base        INTEGER CHECK (abs(base) <= 1000000000000000),
  growth      TEXT,              -- published growth as an exact fraction num/den
  note        TEXT NOT NULL,
  file_name   TEXT,
  file_sha256 TEXT,
  file_line   INTEGER,
  reason      TEXT CHECK (revision = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  recorded_at INTEGER NOT NULL,
  recorded_by TEXT NOT NULL,
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64),  -- of all columns above as canonical JSON
  audit_seq   INTEGER NOT NULL REFERENCES audit (seq),
  PRIMARY KEY (plan_id, goal_id, region_id, year, month, revision)
) STRICT;

-- A published bulletin, frozen: canonical JSON and its SHA-256. A correction is the next edition.
CREATE TABLE edition (
  plan_id      TEXT NOT NULL,
  goal_id      TEXT NOT NULL,
  year         INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month        INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition      INTEGER NOT NULL CHECK (edition >= 1),
  content      TEXT NOT NULL,
  sha256       TEXT NOT NULL CHECK (length(sha256) = 64),
  reason       TEXT CHECK (edition = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  audit_seq    INTEGER NOT NULL REFERENCES audit (seq),
  PRIMARY KEY (plan_id, year, month, edition)
) STRICT;

-- Append-only.
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER mark_no_update BEFORE UPDATE ON mark BEGIN SELECT RAISE(ABORT, 'mark is append-only'); END;
CREATE TRIGGER mark_no_delete BEFORE DELETE ON mark BEGIN SELECT RAISE(ABORT, 'mark is append-only'); END;
CREATE TRIGGER plan_version_no_update BEFORE UPDATE ON plan_version BEGIN SELECT RAISE(ABORT, 'plan_version is append-only'); END;
CREATE TRIGGER plan_version_no_delete BEFORE DELETE ON plan_version BEGIN SELECT RAISE(ABORT, 'plan_version is append-only'); END;
CREATE TRIGGER return_revision_no_update BEFORE UPDATE ON return_revision BEGIN SELECT RAISE(ABORT, 'return_revision is append-only'); END;
CREATE TRIGGER return_revision_no_delete BEFORE DELETE ON return_revision BEGIN SELECT RAISE(ABORT, 'return_revision is append-only'); END;
CREATE TRIGGER edition_no_update BEFORE UPDATE ON edition BEGIN SELECT RAISE(ABORT, 'edition is append-only'); END;
CREATE TRIGGER edition_no_delete BEFORE DELETE ON edition BEGIN SELECT RAISE(ABORT, 'edition is append-only'); END;

-- INSERT OR REPLACE deletes without firing DELETE triggers: an existing key is refused before it gets there.
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER mark_no_replace BEFORE INSERT ON mark WHEN EXISTS (SELECT 1 FROM mark WHERE name = NEW.name) BEGIN SELECT RAISE(ABORT, 'mark is append-only'); END;
CREATE TRIGGER plan_version_no_replace BEFORE INSERT ON plan_version WHEN EXISTS (SELECT 1 FROM plan_version WHERE plan_id = NEW.plan_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'plan_version is append-only'); END;
CREATE TRIGGER return_revision_no_replace BEFORE INSERT ON return_revision WHEN EXISTS (SELECT 1 FROM return_revision WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND region_id = NEW.region_id AND year = NEW.year AND month = NEW.month AND revision = NEW.revision) BEGIN SELECT RAISE(ABORT, 'return_revision is append-only'); END;
CREATE TRIGGER edition_no_replace BEFORE INSERT ON edition WHEN EXISTS (SELECT 1 FROM edition WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND edition = NEW.edition) BEGIN SELECT RAISE(ABORT, 'edition is append-only'); END;
