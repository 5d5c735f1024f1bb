-- Who objects, beside the chain: rows hold `sha256:` and the SHA-256 of salt and name, the name stands here with its salt
-- and can be deleted. Rows of before hold the name itself.
CREATE TABLE personal_name (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  salt   TEXT NOT NULL CHECK (length(salt) = 64),
  name   TEXT NOT NULL CHECK (length(name) > 0)
);

-- Names that were deleted, and why. Append-only.
CREATE TABLE forgotten_name (
  name_sha256 TEXT PRIMARY KEY CHECK (length(name_sha256) = 64),
  reason      TEXT NOT NULL CHECK (length(reason) > 0),
  at          BIGINT NOT NULL,
  actor       TEXT NOT NULL,
  account_id  BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq   BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64)
);

CREATE TRIGGER personal_name_no_update BEFORE UPDATE OR TRUNCATE ON personal_name EXECUTE FUNCTION refuse_change();
CREATE TRIGGER forgotten_name_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON forgotten_name EXECUTE FUNCTION refuse_change();

-- What a file holds is emptied by two: one asks and says why, another does it or leaves it. Append-only.
CREATE TABLE evidence_erasure (
  plan_id    TEXT NOT NULL,
  number     BIGINT NOT NULL CHECK (number >= 1),   -- of the file
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('ask', 'erase', 'leave')),
  words      TEXT NOT NULL CHECK (length(words) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, number, version),
  CHECK ((version % 2 = 1) = (step = 'ask'))
);

-- An emptied content is one byte, 0; nothing else may change of it, and it may be filled again by the same bytes.
DROP TRIGGER evidence_content_append_only ON evidence_content;
CREATE TRIGGER evidence_content_no_delete BEFORE DELETE OR TRUNCATE ON evidence_content EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evidence_content_append_only BEFORE UPDATE ON evidence_content FOR EACH ROW WHEN (NEW.sha256 <> OLD.sha256 OR (NEW.content <> '\x00'::bytea AND OLD.content <> '\x00'::bytea)) EXECUTE FUNCTION refuse_change();

CREATE TRIGGER evidence_erasure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_erasure EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES
  ('forget_name'), ('ask_evidence_erasure'), ('erase_evidence'), ('leave_evidence');
