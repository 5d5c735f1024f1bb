-- 公示 of decided claims, published as comparisons are; objections within its days, each with its answer. Append-only.
INSERT INTO publication_kind (name) VALUES ('claims');

CREATE TABLE claim_objection (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  claim      INTEGER NOT NULL CHECK (claim >= 1),
  number     INTEGER NOT NULL CHECK (number >= 1),   -- of the claim's objections
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('object', 'uphold', 'reject')),
  objector   TEXT NOT NULL CHECK (length(objector) > 0),
  words      TEXT NOT NULL CHECK (length(words) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, claim, number, version),
  CHECK ((version = 1) = (step = 'object'))
) STRICT;

CREATE TRIGGER claim_objection_no_update BEFORE UPDATE ON claim_objection BEGIN SELECT RAISE(ABORT, 'claim_objection is append-only'); END;
CREATE TRIGGER claim_objection_no_delete BEFORE DELETE ON claim_objection BEGIN SELECT RAISE(ABORT, 'claim_objection is append-only'); END;
CREATE TRIGGER claim_objection_no_replace BEFORE INSERT ON claim_objection WHEN EXISTS (SELECT 1 FROM claim_objection WHERE plan_id = NEW.plan_id AND year = NEW.year AND claim = NEW.claim AND number = NEW.number AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'claim_objection is append-only'); END;

INSERT INTO audit_action (name) VALUES ('publish_claim_notice'), ('object_to_claim'), ('answer_claim_objection');
