-- no-transaction
-- A role is a row of a table, as an audit action and a step are; publishing keeps up to where it proved the chain.
-- SQLite cannot change a CHECK: the posts are copied row by row into a new table. Running this twice does no harm.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

CREATE TABLE IF NOT EXISTS role (
  name TEXT PRIMARY KEY
) STRICT;
INSERT OR IGNORE INTO role (name) VALUES
  ('county_reporter'),
  ('county_approver'),
  ('city_reviewer'),
  ('publisher'),
  ('leader'),
  ('system_admin'),
  ('security_admin'),
  ('audit_admin');

DROP TABLE IF EXISTS post_copy;
CREATE TABLE post_copy (
  id         TEXT PRIMARY KEY CHECK (length(id) > 0),
  role       TEXT NOT NULL REFERENCES role (name),
  office     TEXT,
  unit       TEXT CHECK (unit IS NULL OR office IS NOT NULL),
  title      TEXT NOT NULL CHECK (length(title) > 0),
  created_at INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64)
) STRICT;
INSERT INTO post_copy SELECT id, role, office, unit, title, created_at, audit_seq, row_sha256 FROM post;
DROP TABLE post;
ALTER TABLE post_copy RENAME TO post;
CREATE TRIGGER IF NOT EXISTS post_no_update BEFORE UPDATE ON post BEGIN SELECT RAISE(ABORT, 'post is append-only'); END;
CREATE TRIGGER IF NOT EXISTS post_no_delete BEFORE DELETE ON post BEGIN SELECT RAISE(ABORT, 'post is append-only'); END;
CREATE TRIGGER IF NOT EXISTS post_no_replace BEFORE INSERT ON post WHEN EXISTS (SELECT 1 FROM post WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'post is append-only'); END;

-- Up to where the audit chain was proved, and when: the next proof goes on from there.
CREATE TABLE IF NOT EXISTS proof (
  seq        INTEGER PRIMARY KEY CHECK (seq >= 1),
  hash       TEXT NOT NULL CHECK (length(hash) = 64),
  at         INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64)
) STRICT;
CREATE TRIGGER IF NOT EXISTS proof_no_update BEFORE UPDATE ON proof BEGIN SELECT RAISE(ABORT, 'proof is append-only'); END;
CREATE TRIGGER IF NOT EXISTS proof_no_delete BEFORE DELETE ON proof BEGIN SELECT RAISE(ABORT, 'proof is append-only'); END;
CREATE TRIGGER IF NOT EXISTS proof_no_replace BEFORE INSERT ON proof WHEN EXISTS (SELECT 1 FROM proof WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'proof is append-only'); END;

COMMIT;
PRAGMA foreign_keys = ON;
