import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./db/schema/*.ts",
  // biome-ignore lint/style/noProcessEnv: a test has the migrations written elsewhere
  out: process.env.MIGRATIONS_FOLDER ?? "./drizzle",
});
