-- An assessment that was closed is opened again by two persons, with the reason; the closing it opens stays as it is.
-- Append-only, row_sha256 as elsewhere.
CREATE TABLE assessment_reopening (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  version    INTEGER NOT NULL CHECK (version >= 1),
  closure    INTEGER NOT NULL CHECK (closure >= 1),   -- the version of the closing that is opened again
  step       TEXT NOT NULL CHECK (step IN ('proposed', 'confirmed', 'dropped')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, year, version)
) STRICT;
CREATE TRIGGER assessment_reopening_no_update BEFORE UPDATE ON assessment_reopening BEGIN SELECT RAISE(ABORT, 'assessment_reopening is append-only'); END;
CREATE TRIGGER assessment_reopening_no_delete BEFORE DELETE ON assessment_reopening BEGIN SELECT RAISE(ABORT, 'assessment_reopening is append-only'); END;
CREATE TRIGGER assessment_reopening_no_replace BEFORE INSERT ON assessment_reopening WHEN EXISTS (SELECT 1 FROM assessment_reopening WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND year = NEW.year AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'assessment_reopening is append-only'); END;

-- 县级审核人签核年终自评: of one version of a unit's self-assessment; a later version has to be signed again.
CREATE TABLE self_assessment_sign (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  region_id  TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),   -- of the self-assessment
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, year, region_id, version)
) STRICT;
CREATE TRIGGER self_assessment_sign_no_update BEFORE UPDATE ON self_assessment_sign BEGIN SELECT RAISE(ABORT, 'self_assessment_sign is append-only'); END;
CREATE TRIGGER self_assessment_sign_no_delete BEFORE DELETE ON self_assessment_sign BEGIN SELECT RAISE(ABORT, 'self_assessment_sign is append-only'); END;
CREATE TRIGGER self_assessment_sign_no_replace BEFORE INSERT ON self_assessment_sign WHEN EXISTS (SELECT 1 FROM self_assessment_sign WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND year = NEW.year AND region_id = NEW.region_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'self_assessment_sign is append-only'); END;

INSERT INTO audit_action (name) VALUES ('propose_reopening'), ('confirm_reopening'), ('drop_reopening'), ('sign_assessment');
