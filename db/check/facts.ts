import type postgres from "postgres";
import type { Address } from "../address/read-address";
import { SETTINGS } from "../session-settings";

/** What a database says of itself and of the session. */
export type Facts = {
  version: number;
  encoding: string;
  isStandby: boolean;
  isReadOnly: boolean;
  role: string;
  database: string;
  /** Null: the search_path names none that there is and that the role may use. */
  schema: string | null;
  mayCreate: boolean;
  mayMakeTemporary: boolean;
  settings: Record<string, string>;
};

export async function readFacts(sql: postgres.Sql): Promise<Facts> {
  const [facts] = await sql<Facts[]>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly",
      current_user::text as role, current_database()::text as database, current_schema()::text as schema,
      coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "mayCreate",
      has_database_privilege(current_database(), 'TEMPORARY') as "mayMakeTemporary",
      (select json_object_agg(name, current_setting(name)) from unnest(${Object.keys(SETTINGS)}::text[]) name) as settings`;
  if (!facts) throw new Error("The database said nothing of itself");
  return facts;
}

type Need = { isMet: boolean; otherwise: string };

/** PostgreSQL 15: the first that keeps `public` for the owner of the database, and knows rights on single settings. */
const OLDEST = 150_000;

/** What the application relies on, each with what to do where it is not so. */
export function needs(address: Address, facts: Facts): Need[] {
  const { role, database, schema } = facts;
  return [
    {
      isMet: facts.version >= OLDEST,
      otherwise: `it runs PostgreSQL ${Math.floor(facts.version / 10_000)}, and 15 or newer is needed`,
    },
    {
      isMet: facts.encoding === "UTF8",
      otherwise: `its encoding is ${facts.encoding}: make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`,
    },
    {
      isMet: !facts.isStandby,
      otherwise: "it is a standby, which can only be read: name the primary, or add target_session_attrs=read-write",
    },
    {
      isMet: !facts.isReadOnly,
      otherwise: `it can only be read: ALTER ROLE ${role} SET default_transaction_read_only = off`,
    },
    {
      isMet: schema !== null && (address.schema === undefined || schema === address.schema),
      otherwise: schemaAdvice(address, facts),
    },
    {
      isMet: facts.mayMakeTemporary,
      otherwise: `${role} may not make temporary tables: GRANT TEMPORARY ON DATABASE ${database} TO ${role}`,
    },
    ...Object.entries(SETTINGS).map(([name, value]) => ({
      isMet: facts.settings[name] === value,
      otherwise: `${name} is ${facts.settings[name]}, and a pooler passes no settings on: ALTER ROLE ${role} SET ${name} = '${value}'`,
    })),
  ];
}

function schemaAdvice({ schema, isPooled }: Address, { role }: Facts): string {
  if (schema === undefined)
    return `the search_path of ${role} names no schema that it may use: ALTER ROLE ${role} SET search_path = …, or GRANT USAGE ON SCHEMA … TO ${role}`;
  if (isPooled) return `a pooler passes no schema on: ALTER ROLE ${role} SET search_path = ${schema}`;
  return `there is no schema ${schema} that ${role} may use: CREATE SCHEMA ${schema} AUTHORIZATION ${role}`;
}
