-- What is published besides the plan's bulletin: comparisons of a quarter and results of a year that were closed, each
-- frozen as canonical JSON with its SHA-256 and numbered by edition; who signed for them; and which average judges a
-- goal. Append-only, row_sha256 as elsewhere.
CREATE TABLE publication_kind (
  name TEXT PRIMARY KEY
) STRICT;
INSERT INTO publication_kind (name) VALUES ('comparison'), ('result');

CREATE TABLE publication (
  plan_id    TEXT NOT NULL,
  kind       TEXT NOT NULL REFERENCES publication_kind (name),
  subject    TEXT NOT NULL,          -- of a comparison its id, of a result the goal
  year       INTEGER NOT NULL,
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition    INTEGER NOT NULL CHECK (edition >= 1),
  office     TEXT NOT NULL,
  content    TEXT NOT NULL,          -- canonical JSON
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  reason     TEXT CHECK (edition = 1 OR reason IS NOT NULL),
  public_key TEXT,
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, kind, subject, year, month, edition)
) STRICT;
CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END;
CREATE TRIGGER publication_no_delete BEFORE DELETE ON publication BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END;
CREATE TRIGGER publication_no_replace BEFORE INSERT ON publication WHEN EXISTS (SELECT 1 FROM publication WHERE plan_id = NEW.plan_id AND kind = NEW.kind AND subject = NEW.subject AND year = NEW.year AND month = NEW.month AND edition = NEW.edition) BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END;

CREATE TABLE publication_receipt (
  plan_id    TEXT NOT NULL,
  kind       TEXT NOT NULL REFERENCES publication_kind (name),
  subject    TEXT NOT NULL,
  year       INTEGER NOT NULL,
  month      INTEGER NOT NULL,
  edition    INTEGER NOT NULL,
  post_id    TEXT NOT NULL REFERENCES post (id),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, kind, subject, year, month, edition, post_id)
) STRICT;
CREATE TRIGGER publication_receipt_no_update BEFORE UPDATE ON publication_receipt BEGIN SELECT RAISE(ABORT, 'publication_receipt is append-only'); END;
CREATE TRIGGER publication_receipt_no_delete BEFORE DELETE ON publication_receipt BEGIN SELECT RAISE(ABORT, 'publication_receipt is append-only'); END;
CREATE TRIGGER publication_receipt_no_replace BEFORE INSERT ON publication_receipt WHEN EXISTS (SELECT 1 FROM publication_receipt WHERE plan_id = NEW.plan_id AND kind = NEW.kind AND subject = NEW.subject AND year = NEW.year AND month = NEW.month AND edition = NEW.edition AND post_id = NEW.post_id) BEGIN SELECT RAISE(ABORT, 'publication_receipt is append-only'); END;

-- Which average growth judges where they come to other verdicts: the highest version counts.
CREATE TABLE average_choice (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),
  average    TEXT NOT NULL CHECK (average IN ('compound', 'arithmetic', 'amounts')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, version)
) STRICT;
CREATE TRIGGER average_choice_no_update BEFORE UPDATE ON average_choice BEGIN SELECT RAISE(ABORT, 'average_choice is append-only'); END;
CREATE TRIGGER average_choice_no_delete BEFORE DELETE ON average_choice BEGIN SELECT RAISE(ABORT, 'average_choice is append-only'); END;
CREATE TRIGGER average_choice_no_replace BEFORE INSERT ON average_choice WHEN EXISTS (SELECT 1 FROM average_choice WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'average_choice is append-only'); END;

INSERT INTO audit_action (name) VALUES ('publish_comparison'), ('choose_average');
