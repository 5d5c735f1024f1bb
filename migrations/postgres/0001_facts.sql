-- Facts only: nothing here can be computed from anything else here.
-- Every table is append-only; a change is a new row, in one transaction with its audit row.
-- Times are UTC milliseconds. Amounts are the goal's smallest unit (whole 元 for money).

-- The hash chain: hash = SHA-256 of the canonical JSON of all other columns; previous_hash links to the row before.
CREATE TABLE audit (
  seq           BIGINT PRIMARY KEY CHECK (seq >= 1),
  at            BIGINT NOT NULL,
  actor         TEXT NOT NULL CHECK (length(actor) > 0),
  action        TEXT NOT NULL CHECK (action IN ('mark_demo', 'import_plan', 'import_returns', 'publish')),
  object        TEXT NOT NULL,
  detail        TEXT NOT NULL,   -- canonical JSON; holds the digest of the rows written with it
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash          TEXT NOT NULL CHECK (length(hash) = 64)
);

-- What the database as a whole is: one row 'demo' marks made-up figures.
CREATE TABLE mark (
  name      TEXT PRIMARY KEY CHECK (name IN ('demo')),
  audit_seq BIGINT NOT NULL REFERENCES audit (seq)
);

-- A plan as its file; a revision keeps the old version and says why.
CREATE TABLE plan_version (
  plan_id     TEXT NOT NULL,
  version     BIGINT NOT NULL CHECK (version >= 1),
  source      TEXT NOT NULL,
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  file_name   TEXT NOT NULL,
  reason      TEXT CHECK (version = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  recorded_at BIGINT NOT NULL,
  recorded_by TEXT NOT NULL,
  audit_seq   BIGINT NOT NULL REFERENCES audit (seq),
  PRIMARY KEY (plan_id, version)
);

-- What one unit stated for one goal and period; the highest revision is in force.
CREATE TABLE return_revision (
  plan_id     TEXT NOT NULL,
  goal_id     TEXT NOT NULL,
  region_id   TEXT NOT NULL,
  year        BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month       BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  revision    BIGINT NOT NULL CHECK (revision >= 1),
  state       TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'signed', 'approved', 'sent_back', 'withdrawn')),
  value       BIGINT CHECK (abs(value) <= 1000000000000000),
  base        BIGINT CHECK (abs(base) <= 1000000000000000),
  growth      TEXT,              -- published growth as an exact fraction num/den
  note        TEXT NOT NULL,
  file_name   TEXT,
  file_sha256 TEXT,
  file_line   BIGINT,
  reason      TEXT CHECK (revision = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  recorded_at BIGINT NOT NULL,
  recorded_by TEXT NOT NULL,
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64),  -- of all columns above as canonical JSON
  audit_seq   BIGINT NOT NULL REFERENCES audit (seq),
  PRIMARY KEY (plan_id, goal_id, region_id, year, month, revision)
);

-- A published bulletin, frozen: canonical JSON and its SHA-256. A correction is the next edition.
CREATE TABLE edition (
  plan_id      TEXT NOT NULL,
  goal_id      TEXT NOT NULL,
  year         BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month        BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition      BIGINT NOT NULL CHECK (edition >= 1),
  content      TEXT NOT NULL,
  sha256       TEXT NOT NULL CHECK (length(sha256) = 64),
  reason       TEXT CHECK (edition = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  published_at BIGINT NOT NULL,
  published_by TEXT NOT NULL,
  audit_seq    BIGINT NOT NULL REFERENCES audit (seq),
  PRIMARY KEY (plan_id, year, month, edition)
);

-- Append-only.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION refuse_change();
CREATE TRIGGER mark_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mark EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_version EXECUTE FUNCTION refuse_change();
CREATE TRIGGER return_revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON return_revision EXECUTE FUNCTION refuse_change();
CREATE TRIGGER edition_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON edition EXECUTE FUNCTION refuse_change();
