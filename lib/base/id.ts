import { z } from "zod";

/** The largest id: PostgreSQL's `integer`. A larger number would be an error of the database instead of a 422. */
const LARGEST_ID = 2_147_483_647;

/** A row's id in JSON. Safe for the browser. */
export const JsonId = z.int().min(1).max(LARGEST_ID);

/** A row's id in a path, a query string or a form, where it is text. */
export const Id = z.coerce.number().int().min(1).max(LARGEST_ID);
