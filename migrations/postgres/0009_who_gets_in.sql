-- Log-ins: failures counted by day outside the trail, changes of log-ins that two people make, seeds not yet proved,
-- what a person has been told; the settings there are become a table, so that later versions add to it.

INSERT INTO audit_action (name) VALUES
  ('log_in_failures'),
  ('ask_access'),
  ('confirm_access'),
  ('drop_access'),
  ('emergency_access');

CREATE TABLE setting_name (
  name TEXT PRIMARY KEY
);
INSERT INTO setting_name (name) VALUES
  ('password_policy'),
  ('public_reading'),
  ('idle_minutes'),
  ('absolute_hours'),
  ('totp_roles');
ALTER TABLE setting DROP CONSTRAINT setting_name_check;
ALTER TABLE setting ADD CONSTRAINT setting_name_fkey FOREIGN KEY (name) REFERENCES setting_name (name);

-- Failed log-ins of a day by account and address, until they are summed into the trail. Names nobody has are account 0.
CREATE TABLE login_failure_day (
  day        TEXT NOT NULL CHECK (length(day) = 10),  -- 2026-11-27, in China
  account_id BIGINT NOT NULL,
  address    TEXT NOT NULL,
  failures   BIGINT NOT NULL CHECK (failures >= 1),
  last_at    BIGINT NOT NULL,
  PRIMARY KEY (day, account_id, address)
);

-- A seed of one-time codes that no code has proved yet, sealed with the key file.
CREATE TABLE totp_pending (
  account_id BIGINT PRIMARY KEY REFERENCES account (id),
  sealed     TEXT NOT NULL,
  at         BIGINT NOT NULL
);

-- Up to which row of the trail a person has been told what became of his log-in.
CREATE TABLE notice_seen (
  account_id BIGINT PRIMARY KEY REFERENCES account (id),
  seq        BIGINT NOT NULL
);

-- Changes of who gets in that one administrator asks for and another confirms; the highest version counts.
CREATE TABLE access_request (
  id         BIGINT NOT NULL CHECK (id >= 1),
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('ask', 'confirm', 'drop')),
  what       TEXT NOT NULL CHECK (what IN ('link', 'forget_totp', 'appoint')),
  account_id BIGINT NOT NULL REFERENCES account (id),
  post_id    TEXT NOT NULL REFERENCES post (id),
  by_account BIGINT REFERENCES account (id),
  actor      TEXT NOT NULL CHECK (length(actor) > 0),
  at         BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (id, version)
);
CREATE TRIGGER access_request_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_request EXECUTE FUNCTION refuse_change();
