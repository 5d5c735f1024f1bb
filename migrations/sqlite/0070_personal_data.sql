-- Who objects, beside the chain: rows hold `sha256:` and the SHA-256 of salt and name, the name stands here with its salt
-- and can be deleted. Rows of before hold the name itself.
CREATE TABLE personal_name (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  salt   TEXT NOT NULL CHECK (length(salt) = 64),
  name   TEXT NOT NULL CHECK (length(name) > 0)
) STRICT;

-- Names that were deleted, and why. Append-only.
CREATE TABLE forgotten_name (
  name_sha256 TEXT PRIMARY KEY CHECK (length(name_sha256) = 64),
  reason      TEXT NOT NULL CHECK (length(reason) > 0),
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  account_id  INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq   INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64)
) STRICT;

CREATE TRIGGER personal_name_no_update BEFORE UPDATE ON personal_name BEGIN SELECT RAISE(ABORT, 'personal_name is append-only'); END;
CREATE TRIGGER personal_name_no_replace BEFORE INSERT ON personal_name WHEN EXISTS (SELECT 1 FROM personal_name WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'personal_name is append-only'); END;
CREATE TRIGGER forgotten_name_no_update BEFORE UPDATE ON forgotten_name BEGIN SELECT RAISE(ABORT, 'forgotten_name is append-only'); END;
CREATE TRIGGER forgotten_name_no_delete BEFORE DELETE ON forgotten_name BEGIN SELECT RAISE(ABORT, 'forgotten_name is append-only'); END;
CREATE TRIGGER forgotten_name_no_replace BEFORE INSERT ON forgotten_name WHEN EXISTS (SELECT 1 FROM forgotten_name WHERE name_sha256 = NEW.name_sha256) BEGIN SELECT RAISE(ABORT, 'forgotten_name is append-only'); END;

-- What a file holds is emptied by two: one asks and says why, another does it or leaves it. Append-only.
CREATE TABLE evidence_erasure (
  plan_id    TEXT NOT NULL,
  number     INTEGER NOT NULL CHECK (number >= 1),   -- of the file
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('ask', 'erase', 'leave')),
  words      TEXT NOT NULL CHECK (length(words) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, number, version),
  CHECK ((version % 2 = 1) = (step = 'ask'))
) STRICT;

-- An emptied content is one byte, 0; nothing else may change of it, and it may be filled again by the same bytes.
DROP TRIGGER evidence_content_no_update;
CREATE TRIGGER evidence_content_no_update BEFORE UPDATE ON evidence_content WHEN NEW.sha256 <> OLD.sha256 OR (NEW.content <> x'00' AND OLD.content <> x'00') BEGIN SELECT RAISE(ABORT, 'evidence_content is append-only'); END;

CREATE TRIGGER evidence_erasure_no_update BEFORE UPDATE ON evidence_erasure BEGIN SELECT RAISE(ABORT, 'evidence_erasure is append-only'); END;
CREATE TRIGGER evidence_erasure_no_delete BEFORE DELETE ON evidence_erasure BEGIN SELECT RAISE(ABORT, 'evidence_erasure is append-only'); END;
CREATE TRIGGER evidence_erasure_no_replace BEFORE INSERT ON evidence_erasure WHEN EXISTS (SELECT 1 FROM evidence_erasure WHERE plan_id = NEW.plan_id AND number = NEW.number AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'evidence_erasure is append-only'); END;

INSERT INTO audit_action (name) VALUES
  ('forget_name'), ('ask_evidence_erasure'), ('erase_evidence'), ('leave_evidence');
