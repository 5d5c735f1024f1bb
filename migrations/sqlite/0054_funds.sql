-- Ledgers of funds, guarantees and appropriations: a movement entered by one and confirmed by another; stated anew, and
-- struck, by a later row. Append-only, row_sha256 as elsewhere; the steps of an entry in the order of version.
CREATE TABLE fund_step (
  plan_id     TEXT NOT NULL,
  fund        TEXT NOT NULL,      -- its id in the plan
  entry       INTEGER NOT NULL CHECK (entry >= 1),
  version     INTEGER NOT NULL CHECK (version >= 1),
  step        TEXT NOT NULL CHECK (step IN ('enter', 'strike', 'send_back', 'confirm')),
  movement    TEXT CHECK (movement IN ('commit', 'pay', 'repay', 'release')),
  contract    TEXT CHECK (length(contract) > 0),
  day         TEXT,
  amount      INTEGER CHECK (amount > 0),   -- 元
  voucher     TEXT CHECK (length(voucher) > 0),
  firm        TEXT,               -- the contract's terms: with movement commit
  credit_code TEXT CHECK (length(credit_code) = 18),
  unit_id     TEXT,
  bank        TEXT,
  rate        TEXT,               -- per year, an exact fraction: 77/2000
  day_count   TEXT CHECK (day_count IN ('actual/360', 'actual/365')),   -- none: as the plan says
  due         TEXT,
  words       TEXT NOT NULL CHECK (length(words) > 0 OR step NOT IN ('strike', 'send_back')),
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  account_id  INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq   INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, fund, entry, version),
  CHECK ((movement IS NOT NULL) = (step = 'enter')),
  CHECK ((contract IS NOT NULL AND day IS NOT NULL AND amount IS NOT NULL AND voucher IS NOT NULL) = (step = 'enter')),
  CHECK (unit_id IS NULL OR movement = 'commit')
) STRICT;

CREATE TRIGGER fund_step_no_update BEFORE UPDATE ON fund_step BEGIN SELECT RAISE(ABORT, 'fund_step is append-only'); END;
CREATE TRIGGER fund_step_no_delete BEFORE DELETE ON fund_step BEGIN SELECT RAISE(ABORT, 'fund_step is append-only'); END;
CREATE TRIGGER fund_step_no_replace BEFORE INSERT ON fund_step WHEN EXISTS (SELECT 1 FROM fund_step WHERE plan_id = NEW.plan_id AND fund = NEW.fund AND entry = NEW.entry AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'fund_step is append-only'); END;

INSERT INTO audit_action (name) VALUES ('enter_fund'), ('strike_fund'), ('send_back_fund'), ('confirm_fund');
