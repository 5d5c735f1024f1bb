-- A revision of a plan that has returns: proposed by one person, confirmed or dropped by another; the highest version
-- counts. What is confirmed becomes the next plan_version in the same transaction. Append-only, row_sha256 as elsewhere.
CREATE TABLE plan_proposal (
  plan_id      TEXT NOT NULL,
  version      INTEGER NOT NULL CHECK (version >= 1),
  step         TEXT NOT NULL CHECK (step IN ('proposed', 'confirmed', 'dropped')),
  plan_version INTEGER NOT NULL CHECK (plan_version >= 1),   -- the version that it revises
  source       TEXT CHECK (step <> 'proposed' OR source IS NOT NULL),
  sha256       TEXT NOT NULL CHECK (length(sha256) = 64),    -- of the proposed source
  file_name    TEXT NOT NULL,
  reason       TEXT NOT NULL CHECK (length(reason) > 0),
  at           INTEGER NOT NULL,
  actor        TEXT NOT NULL,
  account_id   INTEGER NOT NULL REFERENCES account (id),
  audit_seq    INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256   TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, version)
) STRICT;

CREATE TRIGGER plan_proposal_no_update BEFORE UPDATE ON plan_proposal BEGIN SELECT RAISE(ABORT, 'plan_proposal is append-only'); END;
CREATE TRIGGER plan_proposal_no_delete BEFORE DELETE ON plan_proposal BEGIN SELECT RAISE(ABORT, 'plan_proposal is append-only'); END;
CREATE TRIGGER plan_proposal_no_replace BEFORE INSERT ON plan_proposal WHEN EXISTS (SELECT 1 FROM plan_proposal WHERE plan_id = NEW.plan_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'plan_proposal is append-only'); END;

INSERT INTO audit_action (name) VALUES ('propose_plan'), ('drop_plan');
