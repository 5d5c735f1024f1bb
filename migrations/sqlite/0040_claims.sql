-- Claims of support policies: stated by the county, the firm's taxes by the finance post, decided by two of the office,
-- paid. Append-only, row_sha256 as elsewhere; the steps of a claim in the order of version.
CREATE TABLE claim_step (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  claim      INTEGER NOT NULL CHECK (claim >= 1),
  version    INTEGER NOT NULL CHECK (version >= 1),
  unit_id    TEXT NOT NULL,
  step       TEXT NOT NULL CHECK (step IN ('enter', 'tax', 'send_back', 'decide', 'confirm', 'pay')),
  content    TEXT NOT NULL CHECK (length(content) > 0),   -- JSON: facts by their words, as they were typed
  amount     INTEGER CHECK ((amount IS NOT NULL) = (step IN ('decide', 'pay'))),   -- 元; below zero: paid back
  frozen     TEXT CHECK ((frozen IS NOT NULL) = (step = 'decide')),   -- JSON: the result with the revisions it rests on
  words      TEXT NOT NULL CHECK (length(words) > 0 OR step <> 'send_back'),
  day        TEXT CHECK ((day IS NOT NULL) = (step = 'pay')),   -- paid on
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, claim, version)
) STRICT;

CREATE TRIGGER claim_step_no_update BEFORE UPDATE ON claim_step BEGIN SELECT RAISE(ABORT, 'claim_step is append-only'); END;
CREATE TRIGGER claim_step_no_delete BEFORE DELETE ON claim_step BEGIN SELECT RAISE(ABORT, 'claim_step is append-only'); END;
CREATE TRIGGER claim_step_no_replace BEFORE INSERT ON claim_step WHEN EXISTS (SELECT 1 FROM claim_step WHERE plan_id = NEW.plan_id AND year = NEW.year AND claim = NEW.claim AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'claim_step is append-only'); END;

INSERT INTO audit_action (name) VALUES
  ('enter_claim'), ('tax_claim'), ('send_back_claim'), ('decide_claim'), ('confirm_claim'), ('pay_claim');
