-- Counting a use must not wait for the disk. Unlogged rows are lost only when the database crashes, and then the windows begin anew.
ALTER TABLE "rate_limits" SET UNLOGGED;--> statement-breakpoint
ALTER TABLE "rate_limits" SET (fillfactor = 50);--> statement-breakpoint
-- What the public API tells of a key is kept by the team's data version: whoever changes it, the version moves.
CREATE FUNCTION "tell_team_of_key"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "teams" SET "data_version" = "data_version" + 1 WHERE "id" = NEW."team_id";
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "api_keys_told" AFTER UPDATE OF "name", "is_active", "status", "last_synced_at" ON "api_keys" FOR EACH ROW
  WHEN ((OLD."name", OLD."is_active", OLD."status", OLD."last_synced_at") IS DISTINCT FROM (NEW."name", NEW."is_active", NEW."status", NEW."last_synced_at"))
  EXECUTE FUNCTION "tell_team_of_key"();
