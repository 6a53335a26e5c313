-- What Drizzle cannot say: how tables are stored, and rules that hold whoever writes. Each with its reason.
-- No schema is named: everything belongs to the one that is migrated, which each function keeps as its search_path.

-- Counting a use must not wait for the disk. Unlogged rows are lost only when the database crashes, and then the windows begin anew.
ALTER TABLE "rate_limits" SET UNLOGGED;--> statement-breakpoint
ALTER TABLE "rate_limits" SET (fillfactor = 50);--> statement-breakpoint

-- Answers of the public API are cached under the team's data version, so a change of a key that they show raises it. Once for each statement
-- and team: a sync marks a thousand keys at a time.
CREATE FUNCTION raise_data_version_of_keys() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE teams SET data_version = data_version + 1 WHERE id IN (
    SELECT a.team_id FROM after_update a JOIN before_update b ON b.id = a.id
    WHERE (a.name, a.is_active, a.status, a.last_synced_at, a.last_sync_error, a.measured_by, a.management_key_id)
      IS DISTINCT FROM (b.name, b.is_active, b.status, b.last_synced_at, b.last_sync_error, b.measured_by, b.management_key_id));
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER api_keys_data_version AFTER UPDATE ON api_keys
  REFERENCING OLD TABLE AS before_update NEW TABLE AS after_update FOR EACH STATEMENT EXECUTE FUNCTION raise_data_version_of_keys();--> statement-breakpoint

-- Those answers also say whether their figures are complete, which the comparison with OpenRouter's counters and the end of the last run decide.
CREATE FUNCTION raise_data_version_of_counters() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE teams SET data_version = data_version + 1 WHERE id IN (
    SELECT k.team_id FROM api_keys k JOIN written w ON w.api_key_id = k.id);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER key_counters_inserted AFTER INSERT ON key_counters
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION raise_data_version_of_counters();--> statement-breakpoint
CREATE TRIGGER key_counters_updated AFTER UPDATE ON key_counters
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION raise_data_version_of_counters();--> statement-breakpoint
CREATE FUNCTION raise_data_version_of_runs() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE teams SET data_version = data_version + 1 WHERE id IN (
    SELECT a.team_id FROM after_update a JOIN before_update b ON b.id = a.id
    WHERE (a.finished_at, a.status) IS DISTINCT FROM (b.finished_at, b.status) AND a.finished_at IS NOT NULL);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER sync_runs_data_version AFTER UPDATE ON sync_runs
  REFERENCING OLD TABLE AS before_update NEW TABLE AS after_update FOR EACH STATEMENT EXECUTE FUNCTION raise_data_version_of_runs();--> statement-breakpoint

-- The audit log only grows. What a team did goes when the team itself is gone, or when it is older than AUDIT_RETENTION_DAYS, and not before. The
-- last 30 days stay whatever is asked for: whoever reaches the database as the application cannot hide what they have just done.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.team_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM teams WHERE id = OLD.team_id) THEN
      RETURN OLD;
    END IF;
    IF current_setting('monitor.audit_retention', true) = 'on' AND OLD.at < now() - interval '30 days' THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit_events is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;--> statement-breakpoint
-- The one way to delete by age, 20,000 events at a time; answers how many. It runs with the rights of the owner of the schema, so that the application needs no right to delete from the table.
CREATE FUNCTION delete_old_audit_events(days integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  deleted bigint;
BEGIN
  IF days IS NULL OR days < 30 THEN
    RAISE EXCEPTION 'audit_events is kept for 30 days at least' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('monitor.audit_retention', 'on', true);
  DELETE FROM audit_events WHERE id IN (
    SELECT id FROM audit_events WHERE at < now() - make_interval(days => days) ORDER BY id LIMIT 20000);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  PERFORM set_config('monitor.audit_retention', '', true);
  RETURN deleted;
END;
$$;--> statement-breakpoint
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();--> statement-breakpoint
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();--> statement-breakpoint

-- A row of usage belongs to its key, and the key to the team. Foreign keys would ask that twice for each row, which costs more than writing the row; these
-- triggers ask once for each statement.
CREATE FUNCTION refuse_usage_of_no_key() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  -- Whoever deletes one of these keys meanwhile waits, and then finds these rows too; or has deleted it, and is found here.
  PERFORM 1 FROM api_keys WHERE id IN (SELECT api_key_id FROM written) FOR KEY SHARE;
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT api_key_id, team_id FROM written) w
    WHERE NOT EXISTS (SELECT FROM api_keys k WHERE k.id = w.api_key_id AND k.team_id = w.team_id)
  ) THEN
    RAISE EXCEPTION 'usage belongs to a key of its team' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER usage_hours_owner AFTER INSERT ON usage_hours
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_usage_of_no_key();--> statement-breakpoint
CREATE TRIGGER usage_stats_owner AFTER INSERT ON usage_stats
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_usage_of_no_key();--> statement-breakpoint
CREATE FUNCTION remove_usage_of_keys() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM usage_hours WHERE api_key_id IN (SELECT id FROM gone);
  DELETE FROM usage_stats WHERE api_key_id IN (SELECT id FROM gone);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER api_keys_usage AFTER DELETE ON api_keys
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION remove_usage_of_keys();--> statement-breakpoint

-- The same for single requests: they belong to their team and, where these are known, to a connection and a key of it. Checked row by row, that took half of
-- the time of writing them.
CREATE FUNCTION refuse_requests_of_nobody() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  owner record;
  is_there boolean;
BEGIN
  FOR owner IN SELECT DISTINCT team_id, connection_id, api_key_id FROM written LOOP
    -- Whoever deletes one of these meanwhile waits, and then finds these rows too; or has deleted it, and is found here.
    PERFORM 1 FROM teams WHERE id = owner.team_id FOR KEY SHARE;
    is_there := FOUND;
    IF owner.connection_id IS NOT NULL THEN
      PERFORM 1 FROM broadcast_connections WHERE id = owner.connection_id AND team_id = owner.team_id FOR KEY SHARE;
      is_there := is_there AND FOUND;
    END IF;
    IF owner.api_key_id IS NOT NULL THEN
      PERFORM 1 FROM api_keys WHERE id = owner.api_key_id AND team_id = owner.team_id FOR KEY SHARE;
      is_there := is_there AND FOUND;
    END IF;
    IF NOT is_there THEN
      RAISE EXCEPTION 'a request belongs to a team, and to a connection and a key of that team' USING ERRCODE = 'foreign_key_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER generations_owner AFTER INSERT ON generations
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_requests_of_nobody();--> statement-breakpoint
CREATE FUNCTION remove_requests_of_teams() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM generations WHERE team_id IN (SELECT id FROM gone);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER teams_requests AFTER DELETE ON teams
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION remove_requests_of_teams();--> statement-breakpoint
CREATE FUNCTION remove_requests_of_keys() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM generations WHERE api_key_id IN (SELECT id FROM gone);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER api_keys_requests AFTER DELETE ON api_keys
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION remove_requests_of_keys();--> statement-breakpoint
CREATE FUNCTION release_requests_of_connections() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  -- Those of a team that goes as well need no rewriting: they go with it.
  UPDATE generations g SET connection_id = NULL FROM gone
  WHERE g.team_id = gone.team_id AND g.connection_id = gone.id AND EXISTS (SELECT FROM teams t WHERE t.id = gone.team_id);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER broadcast_connections_requests AFTER DELETE ON broadcast_connections
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION release_requests_of_connections();--> statement-breakpoint

-- A session that says it replicates (session_replication_role) would pass over these rules, unless they hold always.
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN SELECT t.tgrelid::regclass AS of_table, t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = quote_ident(current_schema())::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', rule.of_table, rule.name);
  END LOOP;
END;
$$;
