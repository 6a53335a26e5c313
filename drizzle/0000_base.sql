CREATE TABLE "api_keys" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"created_by" integer,
	"name" text NOT NULL,
	"description" text,
	"kind" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"management_key_id" integer,
	"ciphertext" text,
	"hash" text NOT NULL,
	"label" text,
	"status" text DEFAULT 'unverified' NOT NULL,
	"status_detail" text,
	"checked_at" timestamp with time zone,
	"upstream_name" text,
	"workspace_id" text,
	"workspace_name" text,
	"disabled" boolean,
	"credit_limit" numeric,
	"limit_remaining" numeric,
	"limit_reset" text,
	"include_byok_in_limit" boolean,
	"expires_at" timestamp with time zone,
	"upstream_created_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"creator_user_id" text,
	"upstream_account" text,
	"credits_total" numeric,
	"credits_used" numeric,
	"credits_at" timestamp with time zone,
	"measured_by" text,
	"measured_detail" text,
	"last_synced_at" timestamp with time zone,
	"last_sync_error" text,
	"synced_from" timestamp with time zone,
	"measured_until" timestamp with time zone,
	"analytics_meta" jsonb,
	"details_read_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_secret" CHECK ("api_keys"."ciphertext" is not null or "api_keys"."management_key_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "broadcast_connections" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "broadcast_connections_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"management_key_id" integer,
	"workspace_id" text,
	"name" text NOT NULL,
	"created_by" integer,
	"secret_hash" text NOT NULL,
	"destination_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_received_at" timestamp with time zone,
	"last_tested_at" timestamp with time zone,
	"last_unreadable_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "key_counters" (
	"api_key_id" integer PRIMARY KEY NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"usage" numeric,
	"usage_daily" numeric,
	"usage_weekly" numeric,
	"usage_monthly" numeric,
	"byok_usage" numeric,
	"byok_usage_daily" numeric,
	"byok_usage_weekly" numeric,
	"byok_usage_monthly" numeric,
	"usage_before" numeric,
	"booked_cost" numeric,
	"booked_daily" numeric,
	"booked_weekly" numeric,
	"booked_monthly" numeric,
	"drift" numeric,
	"drift_daily" numeric,
	"drift_weekly" numeric,
	"drift_monthly" numeric
);
--> statement-breakpoint
CREATE TABLE "metric_months" (
	"team_id" integer NOT NULL,
	"api_key_id" integer NOT NULL,
	"kind" text NOT NULL,
	"model" text,
	"month" date NOT NULL,
	"first_day" date,
	"last_day" date,
	"restarts" integer DEFAULT 0 NOT NULL,
	"requests" bigint,
	"tokens_input" bigint,
	"tokens_output" bigint,
	"tokens_reasoning" bigint,
	"tokens_cached" bigint,
	"cost" numeric,
	"byok_cost" numeric,
	"byok_requests" bigint,
	CONSTRAINT "metric_months_identity" UNIQUE NULLS NOT DISTINCT("api_key_id","kind","model","month")
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "job_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job" text NOT NULL,
	"scheduled_for" timestamp with time zone NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"detail" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "job_runs_once" UNIQUE("job","scheduled_for")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_run_keys" (
	"run_id" integer NOT NULL,
	"api_key_id" integer NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"rows_written" integer DEFAULT 0 NOT NULL,
	"rows_rejected" integer DEFAULT 0 NOT NULL,
	"cells_unsplit" integer DEFAULT 0 NOT NULL,
	"days_total" integer DEFAULT 0 NOT NULL,
	"days_done" integer DEFAULT 0 NOT NULL,
	"detail" text,
	"finished_at" timestamp with time zone,
	CONSTRAINT "sync_run_keys_run_id_api_key_id_pk" PRIMARY KEY("run_id","api_key_id")
);
--> statement-breakpoint
CREATE TABLE "sync_runs" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sync_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"requested_by" integer,
	"trigger" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"team_id" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"user_id" integer,
	"session_id" text,
	"token_id" integer,
	"action" text NOT NULL,
	"object_type" text,
	"object_id" text,
	"ip" text,
	"detail" jsonb
);
--> statement-breakpoint
CREATE TABLE "members" (
	"team_id" integer NOT NULL,
	"user_id" integer NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_team_id_user_id_pk" PRIMARY KEY("team_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "saved_views_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"user_id" integer NOT NULL,
	"page" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "teams_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"data_version" bigint DEFAULT 1 NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"week_start" integer DEFAULT 1 NOT NULL,
	"locale" text,
	"reads_people" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_tokens_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"created_by" integer,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"token_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_tokens_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "badges" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "badges_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"api_key_id" integer,
	"label" text,
	"created_by" integer,
	"secret_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "badges_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"bucket" text PRIMARY KEY NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "breakdown_days" (
	"team_id" integer NOT NULL,
	"api_key_id" integer NOT NULL,
	"date" date NOT NULL,
	"dimension" text NOT NULL,
	"value" text,
	"model" text,
	"requests" bigint,
	"tokens_input" bigint,
	"tokens_output" bigint,
	"cost" numeric NOT NULL,
	CONSTRAINT "breakdown_days_identity" UNIQUE NULLS NOT DISTINCT("api_key_id","date","dimension","value","model")
);
--> statement-breakpoint
CREATE TABLE "generations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "generations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"connection_id" integer,
	"api_key_id" integer,
	"api_key_name" text,
	"generation_id" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"model" text,
	"provider" text,
	"tokens_input" bigint,
	"tokens_output" bigint,
	"tokens_reasoning" bigint,
	"tokens_cached" bigint,
	"cost" numeric,
	"latency_ms" integer,
	"first_token_ms" integer,
	"finish_reason" text,
	"is_error" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "generations_identity" UNIQUE("team_id","generation_id")
);
--> statement-breakpoint
CREATE TABLE "model_names" (
	"name" text PRIMARY KEY NOT NULL,
	"model_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text PRIMARY KEY NOT NULL,
	"canonical_slug" text,
	"name" text,
	"context_length" integer,
	"pricing" jsonb,
	"expiration_date" date,
	"fetched_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "performance" (
	"team_id" integer NOT NULL,
	"api_key_id" integer NOT NULL,
	"granularity" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"model" text,
	"provider" text,
	"requests" bigint,
	"figures" jsonb NOT NULL,
	CONSTRAINT "performance_identity" UNIQUE NULLS NOT DISTINCT("api_key_id","granularity","bucket","model","provider")
);
--> statement-breakpoint
CREATE TABLE "usage_hours" (
	"team_id" integer NOT NULL,
	"api_key_id" integer NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"granularity" text DEFAULT 'hour' NOT NULL,
	"model" text,
	"provider" text,
	"source" text NOT NULL,
	"requests" bigint,
	"tokens_input" bigint,
	"tokens_output" bigint,
	"tokens_reasoning" bigint,
	"tokens_cached" bigint,
	"cost" numeric NOT NULL,
	"byok_cost" numeric,
	"byok_requests" bigint,
	"tokens_cacheable" bigint,
	"requests_from_cache" bigint,
	"requests_guarded" bigint,
	"cost_upstream" numeric,
	"cost_cache" numeric,
	"cost_data" numeric,
	"cost_web" numeric,
	"cost_upstream_web" numeric,
	"cost_without_byok" numeric,
	"cost_byok_fees" numeric,
	"cost_file" numeric,
	"cost_upstream_file" numeric,
	"cost_web_fetch" numeric,
	"cost_upstream_web_fetch" numeric,
	CONSTRAINT "usage_hours_identity" UNIQUE NULLS NOT DISTINCT("api_key_id","hour","model","provider")
);
--> statement-breakpoint
CREATE TABLE "usage_stats" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "usage_stats_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"team_id" integer NOT NULL,
	"api_key_id" integer NOT NULL,
	"date" date NOT NULL,
	"model" text,
	"provider" text,
	"requests" bigint,
	"tokens_input" bigint,
	"tokens_output" bigint,
	"tokens_reasoning" bigint,
	"tokens_cached" bigint,
	"cost" numeric NOT NULL,
	"byok_cost" numeric,
	"byok_requests" bigint,
	"tokens_cacheable" bigint,
	"requests_from_cache" bigint,
	"requests_guarded" bigint,
	"cost_upstream" numeric,
	"cost_cache" numeric,
	"cost_data" numeric,
	"cost_web" numeric,
	"cost_upstream_web" numeric,
	"cost_without_byok" numeric,
	"cost_byok_fees" numeric,
	"cost_file" numeric,
	"cost_upstream_file" numeric,
	"cost_web_fetch" numeric,
	"cost_upstream_web_fetch" numeric,
	CONSTRAINT "usage_stats_identity" UNIQUE NULLS NOT DISTINCT("api_key_id","date","model","provider")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"user_id" integer NOT NULL,
	"type" text NOT NULL,
	"provider" text NOT NULL,
	"provider_account_id" text NOT NULL,
	"refresh_token" text,
	"access_token" text,
	"expires_at" integer,
	"token_type" text,
	"scope" text,
	"id_token" text,
	"session_state" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_provider_provider_account_id_pk" PRIMARY KEY("provider","provider_account_id")
);
--> statement-breakpoint
CREATE TABLE "mailed_links" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL,
	"purpose" text NOT NULL,
	"new_email" text,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkey_challenges" (
	"challenge" text PRIMARY KEY NOT NULL,
	"user_id" integer,
	"session_id" uuid,
	"purpose" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "passkeys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"user_id" integer NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" text NOT NULL,
	"counter" bigint DEFAULT 0 NOT NULL,
	"transports" text[] DEFAULT '{}' NOT NULL,
	"name" text NOT NULL,
	"device_type" text,
	"backed_up" boolean,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "recovery_codes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"user_id" integer NOT NULL,
	"code_hash" text NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" integer NOT NULL,
	"kind" text NOT NULL,
	"ip" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"email" text NOT NULL,
	"email_verified" timestamp with time zone,
	"name" text,
	"image" text,
	"password_hash" text,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"theme" text DEFAULT 'system' NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"is_admin" boolean DEFAULT false NOT NULL,
	"totp_secret" text,
	"totp_enabled_at" timestamp with time zone,
	"totp_last_step" integer,
	"passkey_factor_at" timestamp with time zone,
	"passkey_handle" uuid DEFAULT gen_random_uuid() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_management_key_id_api_keys_id_fk" FOREIGN KEY ("management_key_id") REFERENCES "api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcast_connections" ADD CONSTRAINT "broadcast_connections_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcast_connections" ADD CONSTRAINT "broadcast_connections_management_key_id_api_keys_id_fk" FOREIGN KEY ("management_key_id") REFERENCES "api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcast_connections" ADD CONSTRAINT "broadcast_connections_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_counters" ADD CONSTRAINT "key_counters_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metric_months" ADD CONSTRAINT "metric_months_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metric_months" ADD CONSTRAINT "metric_months_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_run_keys" ADD CONSTRAINT "sync_run_keys_run_id_sync_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "sync_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_run_keys" ADD CONSTRAINT "sync_run_keys_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "badges" ADD CONSTRAINT "badges_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "badges" ADD CONSTRAINT "badges_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakdown_days" ADD CONSTRAINT "breakdown_days_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakdown_days" ADD CONSTRAINT "breakdown_days_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_names" ADD CONSTRAINT "model_names_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance" ADD CONSTRAINT "performance_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance" ADD CONSTRAINT "performance_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailed_links" ADD CONSTRAINT "mailed_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD CONSTRAINT "passkey_challenges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_team_hash" ON "api_keys" USING btree ("team_id","hash");--> statement-breakpoint
CREATE INDEX "api_keys_team" ON "api_keys" USING btree ("team_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "api_keys_management" ON "api_keys" USING btree ("management_key_id");--> statement-breakpoint
CREATE INDEX "broadcast_connections_team" ON "broadcast_connections" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "metric_months_team" ON "metric_months" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "sync_run_keys_key" ON "sync_run_keys" USING btree ("api_key_id","run_id");--> statement-breakpoint
CREATE INDEX "sync_runs_team" ON "sync_runs" USING btree ("team_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "sync_runs_open" ON "sync_runs" USING btree ("id") WHERE "sync_runs"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "audit_events_team" ON "audit_events" USING btree ("team_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "members_user" ON "members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "saved_views_user" ON "saved_views" USING btree ("user_id","page");--> statement-breakpoint
CREATE INDEX "api_tokens_team" ON "api_tokens" USING btree ("team_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "badges_team" ON "badges" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "breakdown_days_team" ON "breakdown_days" USING btree ("team_id","date");--> statement-breakpoint
CREATE INDEX "generations_key" ON "generations" USING btree ("api_key_id","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "generations_arrival" ON "generations" USING btree ("team_id","received_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "model_names_model" ON "model_names" USING btree ("model_id");--> statement-breakpoint
CREATE INDEX "performance_team" ON "performance" USING btree ("team_id","bucket");--> statement-breakpoint
CREATE INDEX "usage_stats_team" ON "usage_stats" USING btree ("team_id","date");--> statement-breakpoint
CREATE INDEX "accounts_user" ON "accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mailed_links_user" ON "mailed_links" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "passkeys_user" ON "passkeys" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_codes_unique" ON "recovery_codes" USING btree ("user_id","code_hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id","last_seen_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));