ALTER TABLE "passkeys" ALTER COLUMN "counter" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD COLUMN "session_id" uuid;--> statement-breakpoint
ALTER TABLE "passkeys" ADD COLUMN "device_type" text;--> statement-breakpoint
ALTER TABLE "passkeys" ADD COLUMN "backed_up" boolean;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "passkey_factor_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "passkey_handle" uuid DEFAULT gen_random_uuid() NOT NULL;