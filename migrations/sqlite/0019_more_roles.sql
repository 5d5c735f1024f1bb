-- Roles of 2026-11: leaders whom documents name, departments that read and sign, finance.
INSERT INTO role (name) VALUES
  ('official'),
  ('observer'),
  ('finance');
