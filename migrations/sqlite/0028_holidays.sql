-- The days off of years that no release knows: an administrator types them from the notice, all in one setting.
INSERT INTO setting_name (name) VALUES ('holidays');
INSERT INTO audit_action (name) VALUES ('keep_holidays');
