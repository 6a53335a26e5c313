ALTER TABLE "api_keys" ADD COLUMN "booked_cost" numeric;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "booked_today" numeric;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "drift" numeric;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "drift_today" numeric;