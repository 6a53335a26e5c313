import type { Address } from "./address/read-address";
import { APPLICATION } from "./application";

/** Settings that decide how values are written and read; a database or a role may have any of them otherwise. */
export const SETTINGS = {
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  standard_conforming_strings: "on",
  bytea_output: "hex",
  extra_float_digits: "1",
  array_nulls: "on",
  transform_null_equals: "off",
  default_transaction_isolation: "read committed",
} as const;

/** The ones that every pooler tells apart; any other ends the connection there. */
const THROUGH_POOLERS = ["DateStyle", "TimeZone", "standard_conforming_strings"] as const;

/** What a connection is opened with. postgres.js adds client_encoding. */
export function sessionSettings(address: Address, name = APPLICATION): Record<string, string> {
  const pooled = Object.fromEntries(THROUGH_POOLERS.map((setting) => [setting, SETTINGS[setting]]));
  return {
    application_name: name,
    ...(address.isPooled ? pooled : SETTINGS),
    ...(address.options !== undefined && { options: address.options }),
    ...(address.schema !== undefined && !address.isPooled && { search_path: quoted(address.schema) }),
  };
}

/** A schema's name as a search_path, with its capitals and signs. */
const quoted = (schema: string): string => `"${schema.replaceAll('"', '""')}"`;
