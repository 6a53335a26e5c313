import type postgres from "postgres";
import { JOURNAL } from "../application";

/** What the application does with its tables and its role may not. */
export const missingRights = (sql: postgres.Sql) => sql<{ role: string; right: string; table: string }[]>`
  select current_user::text as role, lower(r.name) as right, c.relname::text as table
  from pg_class c, unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) with ordinality r (name, at)
  where c.relkind = 'r' and c.relnamespace = quote_ident(current_schema())::regnamespace
    and (c.relname <> ${JOURNAL} or r.name = 'SELECT') and (c.relname <> 'audit_events' or r.name <> 'UPDATE')
    and not has_table_privilege(c.oid, r.name)
  order by c.relname, r.at limit 1`;

/**
 * What the role may do that the application never does, and that whoever takes the application over would be glad of: a
 * line for the log.
 */
export async function surplusRights(sql: postgres.Sql): Promise<string[]> {
  const [row] = await sql<{ role: string; rights: string[] }[]>`
    select current_user::text as role, array_remove(array[
      case when r.rolsuper then 'is a superuser' end,
      case when r.rolcreaterole then 'may make roles' end,
      case when r.rolbypassrls then 'passes over row security' end,
      case when r.rolreplication then 'may copy the whole server' end,
      case when not r.rolsuper and pg_has_role(current_user, c.relowner, 'USAGE') then 'owns the tables' end,
      case when not r.rolsuper and has_parameter_privilege('session_replication_role', 'SET')
        then 'may set session_replication_role' end,
      case when not r.rolsuper and pg_has_role(current_user, 'pg_execute_server_program', 'USAGE')
        then 'may run programs on the server' end
    ], null) as rights
    from pg_roles r, pg_class c where r.rolname = current_user and c.oid = to_regclass('audit_events')`;
  if (!row || row.rights.length === 0) return [];
  return [
    `${row.role} ${row.rights.join(", ")}: whoever takes this application over could switch the audit log's rules off. See "Rights in the database" in SECURITY.md`,
  ];
}
