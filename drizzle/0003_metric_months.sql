CREATE TABLE "metric_months" (
	"team_id" integer NOT NULL,
	"api_key_id" integer NOT NULL,
	"model" text,
	"month" date NOT NULL,
	"requests" bigint,
	"tokens_input" bigint,
	"tokens_output" bigint,
	"cost" numeric NOT NULL,
	CONSTRAINT "metric_months_identity" UNIQUE NULLS NOT DISTINCT("api_key_id","model","month")
);
--> statement-breakpoint
ALTER TABLE "metric_months" ADD CONSTRAINT "metric_months_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metric_months" ADD CONSTRAINT "metric_months_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "metric_months_team" ON "metric_months" USING btree ("team_id");