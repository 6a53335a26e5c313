-- A row of usage belongs to its key, and the key to the team. Checked row by row, that costs more than writing the row.
ALTER TABLE "usage_hours" DROP CONSTRAINT "usage_hours_team_id_teams_id_fk";
--> statement-breakpoint
ALTER TABLE "usage_hours" DROP CONSTRAINT "usage_hours_api_key_id_api_keys_id_fk";
--> statement-breakpoint
ALTER TABLE "usage_stats" DROP CONSTRAINT "usage_stats_team_id_teams_id_fk";
--> statement-breakpoint
ALTER TABLE "usage_stats" DROP CONSTRAINT "usage_stats_api_key_id_api_keys_id_fk";
--> statement-breakpoint
DROP INDEX "usage_hours_team";--> statement-breakpoint
-- What the foreign keys said, asked once per statement instead of twice per row.
CREATE FUNCTION refuse_usage_of_no_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever deletes one of these keys meanwhile waits, and then finds these rows too; or has deleted it, and is found here.
  PERFORM 1 FROM public.api_keys WHERE id IN (SELECT api_key_id FROM written) FOR KEY SHARE;
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT api_key_id, team_id FROM written) w
    WHERE NOT EXISTS (SELECT FROM public.api_keys k WHERE k.id = w.api_key_id AND k.team_id = w.team_id)
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
CREATE FUNCTION remove_usage_of_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.usage_hours WHERE api_key_id IN (SELECT id FROM gone);
  DELETE FROM public.usage_stats WHERE api_key_id IN (SELECT id FROM gone);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER api_keys_usage AFTER DELETE ON api_keys
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION remove_usage_of_keys();
