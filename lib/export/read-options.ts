import "server-only";
import { AppError } from "@/lib/base/errors";
import { fieldErrors } from "@/lib/http/input";
import { type FileOptions, FileQuery, withDistinctMarks } from "./schema";

/**
 * Reads from a page's address which file it asks for. Refuses with 422 what makes no sense: a file in another format
 * would be taken for the one that was asked for.
 */
export function readFileOptions(search: URLSearchParams): FileOptions {
  const result = FileQuery.refine(...withDistinctMarks).safeParse(Object.fromEntries(search));
  if (result.success) return result.data;
  const errors = fieldErrors(result.error, "query");
  throw new AppError("unprocessable", errors.map(({ field, message }) => `${field} ${message}`).join("; "), { errors });
}
