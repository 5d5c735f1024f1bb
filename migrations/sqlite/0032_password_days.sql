-- After how many days a password has to be changed, where the policy changes them regularly.
INSERT INTO setting_name (name) VALUES ('password_days');
