import { APPLICATION } from "@/db/application";
import { checkDatabase } from "@/db/check/check-database";
import { grantAccess } from "@/db/grant-access";
import { migrateDatabase } from "@/db/migrate";
import { withConnection } from "@/db/open-pool";
import { runCommand } from "./launch/command";

// npm run migrate [role]: with the DATABASE_URL of the tables' owner; the role is the one that the application has
await runCommand(async ({ url, args: [role] }) => {
  await checkDatabase(url);
  await migrateDatabase(url);
  if (role === undefined) return "The database is at this version's level";
  await withConnection(url, `${APPLICATION}-migrate`, (sql) => grantAccess(sql, role));
  return `The database is at this version's level, and ${role} may work with it`;
});
