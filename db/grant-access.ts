import type postgres from "postgres";
import { JOURNAL } from "./application";

type Sql = postgres.ISql;

/**
 * Lets a role work with the tables of the current schema as the application does, and no more: it owns none, and can
 * neither change one nor switch a rule off. Only the owner of the tables can grant that.
 */
export async function grantAccess(sql: Sql, role: string): Promise<void> {
  const [current] = await sql<{ schema: string }[]>`select current_schema() as schema`;
  const [schema, name, journal] = [sql(current?.schema ?? ""), sql(role), sql(JOURNAL)];
  await sql`grant usage on schema ${schema} to ${name}`;
  await sql`grant select, insert, update, delete on all tables in schema ${schema} to ${name}`;
  await sql`grant usage, select on all sequences in schema ${schema} to ${name}`;
  await sql`grant execute on all functions in schema ${schema} to ${name}`;
  await sql`revoke update on audit_events from ${name}`;
  await sql`revoke insert, update, delete on ${journal} from ${name}`;
}

/** Who may work with the tables, beside their owner: tables that are made anew or added are theirs, too. */
export async function grantedRoles(sql: Sql): Promise<string[]> {
  const rows = await sql<{ role: string }[]>`
    select distinct r.rolname as role from pg_class c, aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
    where c.oid = to_regclass(${JOURNAL}) and a.privilege_type = 'SELECT' and a.grantee <> c.relowner`;
  return rows.map(({ role }) => role);
}
