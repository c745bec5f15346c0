-- Text is compared byte by byte everywhere, so that both databases sort and page alike.

-- One row a user who ever changed anything. Its lock is the user's lock: whoever writes events for
-- the user updates it last before the commit, so that the numbers it gives are in commit order.
CREATE TABLE accounts (
  user_id text COLLATE "C" PRIMARY KEY,
  event_sequence bigint NOT NULL DEFAULT 0,
  update_sequence bigint NOT NULL DEFAULT 0,
  deleted_at timestamptz,
  -- When all that was kept of a deleted account was gone.
  erased_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX accounts_deleted ON accounts (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE profiles (
  user_id text COLLATE "C" PRIMARY KEY,
  time_zone text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  first_day_of_week smallint NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);

CREATE TABLE tasks (
  user_id text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  title text COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  priority smallint NOT NULL,
  category text COLLATE "C" NOT NULL,
  tags jsonb NOT NULL,
  due_date date,
  due_at timestamptz,
  due_zone text COLLATE "C",
  due_starts_at timestamptz,
  recurring_rule text COLLATE "C",
  recurrence_mode text COLLATE "C",
  recurring_end_date date,
  anchor_local timestamp,
  anchor_zone text COLLATE "C",
  occurrence_index integer,
  scheduled_local timestamp,
  parent_task_id uuid,
  predecessor_task_id uuid,
  successor_task_id uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  completed_at timestamptz,
  deleted_at timestamptz,
  version bigint NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  search_text text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, id)
);
-- One index an order. Tasks without a due come last whichever way the list runs, so they are read
-- apart from the others.
CREATE INDEX tasks_created ON tasks (user_id, created_at, id);
CREATE INDEX tasks_updated ON tasks (user_id, updated_at, id);
CREATE INDEX tasks_due ON tasks (user_id, due_starts_at, id) WHERE due_starts_at IS NOT NULL;
CREATE INDEX tasks_undated ON tasks (user_id, id) WHERE due_starts_at IS NULL;
CREATE INDEX tasks_priority ON tasks (user_id, priority, id);
CREATE INDEX tasks_title ON tasks (user_id, title_key, id);
CREATE INDEX tasks_trash ON tasks (user_id, created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_purge ON tasks (deleted_at) WHERE deleted_at IS NOT NULL;
-- A task has at most one successor, however often its completion is delivered.
CREATE UNIQUE INDEX tasks_predecessor ON tasks (user_id, predecessor_task_id)
  WHERE predecessor_task_id IS NOT NULL;
-- New words wait in a list that every search goes through, and that some insert has to sort in when
-- it is full: it is kept short.
CREATE INDEX tasks_search ON tasks USING gin (search_text {trigram_schema}.gin_trgm_ops)
  WITH (gin_pending_list_limit = 512);

CREATE TABLE reminders (
  user_id text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  place smallint NOT NULL,
  remind_at timestamptz,
  before_due_seconds bigint,
  fire_at timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, task_id, id),
  FOREIGN KEY (user_id, task_id) REFERENCES tasks (user_id, id) ON DELETE CASCADE
) WITH (fillfactor = 90);
CREATE INDEX reminders_due ON reminders (fire_at) WHERE state = 'scheduled';

CREATE TABLE notifications (
  id uuid PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  task_id uuid NOT NULL,
  task_title text COLLATE "C" NOT NULL,
  due_date date,
  due_at timestamptz,
  due_zone text COLLATE "C",
  reminder_id uuid NOT NULL,
  remind_at timestamptz NOT NULL,
  read_at timestamptz,
  created_at timestamptz NOT NULL,
  snoozed_until timestamptz,
  version bigint NOT NULL,
  -- A deleted notification keeps its row, without its contents, for as long as its event can be
  -- delivered again: else it would come back.
  deleted_at timestamptz
);
CREATE INDEX notifications_created ON notifications (user_id, created_at, id)
  WHERE deleted_at IS NULL;
CREATE INDEX notifications_unread ON notifications (user_id, created_at, id)
  WHERE deleted_at IS NULL AND read_at IS NULL;
CREATE INDEX notifications_owner ON notifications (user_id, id);
CREATE INDEX notifications_purge ON notifications (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE audit_logs (
  event_id uuid PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  event_type text COLLATE "C" NOT NULL,
  occurred_at timestamptz NOT NULL,
  entity_type text COLLATE "C" NOT NULL,
  entity_id uuid NOT NULL,
  actor_kind text COLLATE "C" NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  actor_token_id text COLLATE "C",
  correlation_id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  -- The event's `data` as it was published; null once the account is deleted.
  data text COLLATE "C"
);
CREATE INDEX audit_logs_user ON audit_logs (user_id, sequence);
CREATE INDEX audit_logs_entity ON audit_logs (user_id, entity_id, sequence);

CREATE TABLE request_ids (
  user_id text COLLATE "C" NOT NULL,
  method text COLLATE "C" NOT NULL,
  request_id uuid NOT NULL,
  request_hash bytea NOT NULL,
  task_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, method, request_id)
);
CREATE INDEX request_ids_purge ON request_ids (expires_at);

-- The queue empties as fast as it fills; its dead rows must not pile up until a fifth of a table
-- that is never large is dead.
CREATE TABLE outbox (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  source text COLLATE "C" NOT NULL,
  shard smallint NOT NULL,
  topic text COLLATE "C" NOT NULL,
  event_type text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  correlation_id text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  traceparent text COLLATE "C",
  data text COLLATE "C" NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  parked_at timestamptz,
  -- Why publishing it failed last: what it waits for, or what it was parked for.
  last_failure text COLLATE "C"
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX outbox_waiting ON outbox (source, position) WHERE parked_at IS NULL;
CREATE INDEX outbox_parked ON outbox (source, topic, user_id, position)
  WHERE parked_at IS NOT NULL;

CREATE TABLE outbox_leases (
  source text COLLATE "C" NOT NULL,
  shard smallint NOT NULL,
  owner text COLLATE "C" NOT NULL,
  fence bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (source, shard)
) WITH (fillfactor = 50);

CREATE TABLE dead_letters (
  consumer text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  user_id text COLLATE "C",
  reason text COLLATE "C" NOT NULL,
  attempts integer NOT NULL,
  content_type text COLLATE "C" NOT NULL,
  payload bytea NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX dead_letters_time ON dead_letters (first_at, consumer, event_id);
CREATE INDEX dead_letters_user ON dead_letters (user_id) WHERE user_id IS NOT NULL;
