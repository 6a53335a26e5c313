-- A request belongs to its team, its connection and, where it is known, its key. Checked row by row, that took half of the time of writing it.
ALTER TABLE "generations" DROP CONSTRAINT "generations_team_id_teams_id_fk";
--> statement-breakpoint
ALTER TABLE "generations" DROP CONSTRAINT "generations_connection_id_broadcast_connections_id_fk";
--> statement-breakpoint
ALTER TABLE "generations" DROP CONSTRAINT "generations_api_key_id_api_keys_id_fk";
--> statement-breakpoint
-- Nobody asks for a team's requests by when they began; the daily clean-up asks across all teams.
DROP INDEX "generations_team";--> statement-breakpoint
-- What the foreign keys said, and that key and connection are the team's, asked once per statement.
CREATE FUNCTION refuse_requests_of_nobody() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  owner record;
  is_there boolean;
BEGIN
  FOR owner IN SELECT DISTINCT team_id, connection_id, api_key_id FROM written LOOP
    -- Whoever deletes one of these meanwhile waits, and then finds these rows too; or has deleted it, and is found here.
    PERFORM 1 FROM public.teams WHERE id = owner.team_id FOR KEY SHARE;
    is_there := FOUND;
    IF owner.connection_id IS NOT NULL THEN
      PERFORM 1 FROM public.broadcast_connections WHERE id = owner.connection_id AND team_id = owner.team_id FOR KEY SHARE;
      is_there := is_there AND FOUND;
    END IF;
    IF owner.api_key_id IS NOT NULL THEN
      PERFORM 1 FROM public.api_keys WHERE id = owner.api_key_id AND team_id = owner.team_id FOR KEY SHARE;
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
CREATE FUNCTION remove_requests_of_teams() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.generations WHERE team_id IN (SELECT id FROM gone);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER teams_requests AFTER DELETE ON teams
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION remove_requests_of_teams();--> statement-breakpoint
CREATE FUNCTION remove_requests_of_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.generations WHERE api_key_id IN (SELECT id FROM gone);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER api_keys_requests AFTER DELETE ON api_keys
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION remove_requests_of_keys();--> statement-breakpoint
CREATE FUNCTION release_requests_of_connections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Those of a team that goes as well need no rewriting: they go with it.
  UPDATE public.generations g SET connection_id = NULL FROM gone
  WHERE g.team_id = gone.team_id AND g.connection_id = gone.id AND EXISTS (SELECT FROM public.teams t WHERE t.id = gone.team_id);
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER broadcast_connections_requests AFTER DELETE ON broadcast_connections
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION release_requests_of_connections();
