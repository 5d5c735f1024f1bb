-- 项目库: projects of an office, the lists of its years, what is reported of them, and what was done about them.
-- Append-only, row_sha256 as elsewhere. The library belongs to the office, not to a plan.

-- What is known of a project whatever the year; the highest version counts.
CREATE TABLE project_revision (
  office_id     TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id       TEXT NOT NULL,   -- the plan in whose name it was written
  project_id    TEXT NOT NULL CHECK (length(project_id) BETWEEN 1 AND 40),   -- its number there, for ever
  version       BIGINT NOT NULL CHECK (version >= 1),
  name          TEXT NOT NULL CHECK (length(name) > 0),
  code          TEXT,   -- 项目代码, GB/T 40058-2021
  firm          TEXT,
  credit_code   TEXT,   -- GB 32100-2015
  unit_id       TEXT NOT NULL,
  site          TEXT,
  industry      TEXT,
  direction     TEXT,
  nature        TEXT,
  content       TEXT,
  total         BIGINT CHECK (total >= 0),   -- 元, as every amount here
  equipment     BIGINT CHECK (equipment >= 0),
  funds         TEXT,
  lead          TEXT,   -- 责任单位
  official      TEXT,   -- 挂钩领导 of the office's level
  unit_official TEXT,   -- 挂钩领导 of the unit's
  labels        TEXT NOT NULL,   -- a list as JSON
  successors    TEXT NOT NULL,   -- numbers of the projects it went into, as JSON
  reason        TEXT,   -- of a revision
  at            BIGINT NOT NULL,
  actor         TEXT NOT NULL,
  account_id    BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq     BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256    TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, version)
);

-- A project on a year's list; the highest version counts.
CREATE TABLE project_year (
  office_id  TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id    TEXT NOT NULL,   -- the plan in whose name it was written
  project_id TEXT NOT NULL CHECK (length(project_id) BETWEEN 1 AND 40),   -- its number there, for ever
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  version    BIGINT NOT NULL CHECK (version >= 1),
  role       TEXT NOT NULL CHECK (role IN ('continued', 'start', 'finish', 'preparation', 'reserve')),
  planned    BIGINT CHECK (planned >= 0),   -- the year's plan of investment
  by_month   TEXT NOT NULL,   -- what is to be reached at months' ends, as JSON
  milestone  TEXT,
  batch      TEXT,
  entered_on TEXT,   -- a day or a month
  left_on    TEXT,
  basis      TEXT,   -- why it entered or left, with the document
  excused    TEXT,   -- a reason for being late that the office accepted
  reason     TEXT,   -- of a revision
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, year, version)
);

-- When a step of a project was to be done and when it was; the highest version counts.
CREATE TABLE project_step (
  office_id  TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id    TEXT NOT NULL,   -- the plan in whose name it was written
  project_id TEXT NOT NULL CHECK (length(project_id) BETWEEN 1 AND 40),   -- its number there, for ever
  step       TEXT NOT NULL CHECK (step IN ('filing', 'start', 'statistics', 'finish', 'production', 'acceptance', 'suspension')),
  version    BIGINT NOT NULL CHECK (version >= 1),
  planned_on TEXT,   -- a day or a month
  actual_on  TEXT,
  because    TEXT,   -- why it was put off, or stands still
  reason     TEXT,   -- of a revision
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, step, version)
);

-- What was reported of a project at a month's end and put in force; the highest version counts.
CREATE TABLE project_return (
  office_id   TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id     TEXT NOT NULL,   -- the plan in whose name it was written
  project_id  TEXT NOT NULL CHECK (length(project_id) BETWEEN 1 AND 40),   -- its number there, for ever
  year        BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month       BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  version     BIGINT NOT NULL CHECK (version >= 1),
  unit_id     TEXT NOT NULL,   -- in which it lay then
  this_year   BIGINT CHECK (this_year >= 0),
  since_start BIGINT CHECK (since_start >= 0),
  progress    TEXT NOT NULL,   -- 形象进度
  problem     TEXT NOT NULL,
  next_step   TEXT NOT NULL,
  source      TEXT NOT NULL,   -- the return's step, or the file it came from
  at          BIGINT NOT NULL,
  actor       TEXT NOT NULL,
  account_id  BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq   BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, year, month, version)
);

-- 节点: an intermediate step of a project; the highest version counts.
CREATE TABLE project_node (
  office_id  TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id    TEXT NOT NULL,   -- the plan in whose name it was written
  project_id TEXT NOT NULL CHECK (length(project_id) BETWEEN 1 AND 40),   -- its number there, for ever
  node       BIGINT NOT NULL CHECK (node >= 1),
  version    BIGINT NOT NULL CHECK (version >= 1),
  name       TEXT NOT NULL CHECK (length(name) > 0),
  due_on     TEXT,
  who        TEXT NOT NULL,
  done_on    TEXT,
  words      TEXT NOT NULL,
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, node, version)
);

-- 走访: what somebody found at a project and promised.
CREATE TABLE project_visit (
  office_id  TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id    TEXT NOT NULL,   -- the plan in whose name it was written
  project_id TEXT NOT NULL CHECK (length(project_id) BETWEEN 1 AND 40),   -- its number there, for ever
  visit      BIGINT NOT NULL CHECK (visit >= 1),
  version    BIGINT NOT NULL CHECK (version >= 1),
  visited_on TEXT NOT NULL,   -- a day
  by_whom    TEXT NOT NULL CHECK (length(by_whom) > 0),
  found      TEXT NOT NULL CHECK (length(found) > 0),
  promised   TEXT NOT NULL,
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, visit, version)
);

-- 会诊, 调度会: who met about which projects; the highest version counts.
CREATE TABLE project_meeting (
  office_id  TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id    TEXT NOT NULL,   -- the plan in whose name it was written
  meeting    BIGINT NOT NULL CHECK (meeting >= 1),
  version    BIGINT NOT NULL CHECK (version >= 1),
  kind       TEXT NOT NULL CHECK (length(kind) > 0),
  held_on    TEXT NOT NULL,   -- a day
  who        TEXT NOT NULL,
  words      TEXT NOT NULL,
  projects   TEXT NOT NULL,   -- their numbers, as JSON
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, meeting, version)
);

-- A problem with an owner and a day: from a return, a visit or a meeting; the highest version counts.
CREATE TABLE project_matter (
  office_id    TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id      TEXT NOT NULL,   -- the plan in whose name it was written
  matter       BIGINT NOT NULL CHECK (matter >= 1),
  version      BIGINT NOT NULL CHECK (version >= 1),
  project_id   TEXT NOT NULL,   -- '': of no single project
  source       TEXT NOT NULL CHECK (length(source) > 0),   -- return 2021-05, visit 3, meeting 1, office
  kind         TEXT NOT NULL,   -- 资金, 用地, 用电, 审批 …
  words        TEXT NOT NULL CHECK (length(words) > 0),
  owner        TEXT NOT NULL CHECK (length(owner) > 0),   -- a unit's id, or a body's name
  due_on       TEXT,   -- a day
  solved_on    TEXT,   -- a day
  how          TEXT NOT NULL,
  escalated_to TEXT,   -- 县, 市, 省
  reason       TEXT,   -- of a change
  at           BIGINT NOT NULL,
  actor        TEXT NOT NULL,
  account_id   BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq    BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256   TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, matter, version)
);

CREATE TRIGGER project_revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_revision EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_year_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_year EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_step EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_return_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_return EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_node_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_node EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_visit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_visit EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_meeting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_meeting EXECUTE FUNCTION refuse_change();
CREATE TRIGGER project_matter_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_matter EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES
  ('enter_projects'), ('revise_project'), ('report_projects'), ('record_node'), ('record_visit'), ('hold_meeting'), ('record_matter'), ('solve_matter'), ('escalate_matter');
