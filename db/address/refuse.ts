import { EnvError } from "@/lib/base/env";

/** Why DATABASE_URL cannot be used, in one line that repeats no password. */
export const refuse = (why: string): EnvError => new EnvError(`DATABASE_URL is not valid: ${why}`);
