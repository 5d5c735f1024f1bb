-- What the audit trail may record becomes a table, so that later versions add to it without touching the trail.
CREATE TABLE audit_action (
  name TEXT PRIMARY KEY
);
INSERT INTO audit_action (name) VALUES
  ('mark_demo'),
  ('import_plan'),
  ('import_returns'),
  ('publish'),
  ('save_draft'),
  ('submit'),
  ('withdraw'),
  ('sign_off'),
  ('take_back'),
  ('send_back_to_reporter'),
  ('send_back_to_county'),
  ('approve'),
  ('ask_correction'),
  ('allow_correction'),
  ('refuse_correction'),
  ('grant_exception'),
  ('create_account'),
  ('disable_account'),
  ('enable_account'),
  ('unlock_account'),
  ('issue_link'),
  ('set_password'),
  ('set_totp'),
  ('log_in'),
  ('log_in_failed'),
  ('log_out'),
  ('end_sessions'),
  ('create_post'),
  ('appoint'),
  ('set_policy');
ALTER TABLE audit DROP CONSTRAINT audit_action_check;
ALTER TABLE audit ADD CONSTRAINT audit_action_known FOREIGN KEY (action) REFERENCES audit_action (name);
CREATE INDEX audit_by_action ON audit (action, seq);
