import { EnvError } from "@/lib/base/env";
import { readAddress } from "../address/read-address";
import { APPLICATION } from "../application";
import { knownMigrations, pendingMigrations } from "../migrate";
import { withConnection } from "../open-pool";
import { explainFailure } from "./explain-failure";
import { needs, readFacts } from "./facts";
import { missingRights, surplusRights } from "./rights";

/** Whether the application can run on this database. Throws EnvError with one line that says what to do. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const address = readAddress(databaseUrl);
  await withConnection(databaseUrl, `${APPLICATION}-check`, async (sql) => {
    const facts = await readFacts(sql).catch((error) => {
      throw explainFailure(error, address);
    });
    const need = needs(address, facts).find(({ isMet }) => !isMet);
    if (need) throw new EnvError(`The database of DATABASE_URL cannot be used: ${need.otherwise}`);
    const pending = await pendingMigrations(sql, knownMigrations());
    if (pending.length > 0 && !facts.mayCreate)
      throw new EnvError(
        `${facts.role} may not make the tables that this version needs: GRANT CREATE ON SCHEMA ${facts.schema} TO ${facts.role}, or run "npm run migrate ${facts.role}" with the DATABASE_URL of the schema's owner`,
      );
  });
}

/**
 * What the role of a migrated database may do too much, in lines for the log. Throws EnvError with one line when it
 * may do too little.
 */
export async function checkRights(databaseUrl: string): Promise<string[]> {
  return withConnection(databaseUrl, `${APPLICATION}-check`, async (sql) => {
    const [missing] = await missingRights(sql);
    if (missing)
      throw new EnvError(
        `${missing.role} may not ${missing.right} ${missing.table}: run "npm run migrate ${missing.role}" with the DATABASE_URL of the tables' owner`,
      );
    return surplusRights(sql);
  });
}
