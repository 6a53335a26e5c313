import "server-only";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Locale } from "@/i18n/locales";
import { pageLocale } from "@/i18n/page-locale";
import { sentenceIn, zodWordsIn } from "@/i18n/sentences";
import { maybePageViewer } from "./access/page-viewer";
import { type Access, requirePermission } from "./access/permissions";
import type { Viewer } from "./access/viewer";
import { AppError, type FieldError, isDatabaseGone, isDiskFull } from "./base/errors";
import { log } from "./base/log";
import { maskKeys } from "./base/mask";
import { unstorableField } from "./base/unstorable";
import { fieldErrors } from "./http/input";
import { recordRefusedForm } from "./http/record-refusal";

/** What a form shows after it was sent: one sentence, a message per field, and what the verb gave back. */
export type ActionState<T = unknown> = {
  status: "idle" | "done" | "failed";
  message?: string;
  errors?: FieldError[];
  /** What was typed, to fill the form again; secrets are left out. */
  values?: Record<string, string>;
  data?: T;
};

/** Fields whose content never travels back. */
const SECRET = /password|^key$|token|secret|code/i;

/**
 * A server action from what it asks of a role, a schema and a verb, for `useActionState`. The viewer is found anew at
 * each call: an action is a public POST. Next itself refuses other origins. FormData is text: a blank field counts as
 * absent.
 */
export function action<S extends z.ZodType, T>(
  access: Access,
  schema: S,
  verb: (viewer: Viewer, input: z.output<S>) => Promise<T>,
) {
  return async (_previous: ActionState<T>, form: FormData): Promise<ActionState<T>> => {
    const viewer = await maybePageViewer();
    if (!viewer) return inLanguage(await pageLocale(), { status: "failed", message: SIGNED_OUT });
    const noted = async <R>(work: () => R): Promise<Awaited<R>> => {
      try {
        return await work();
      } catch (error) {
        await recordRefusedForm(viewer, (await headers()).get("x-pathname")?.split("?")[0] ?? "/", error);
        throw error;
      }
    };
    try {
      await noted(() => requirePermission(viewer, access));
    } catch (error) {
      return failed(await pageLocale(), error);
    }
    return runForm(schema, form, (input) => noted(() => verb(viewer, input)));
  };
}

const SIGNED_OUT = "You are signed out. Please sign in again.";

/** The same for people who are not signed in: login, registration, forgotten password. What it says is in the page's language. */
export async function runForm<S extends z.ZodType, T>(
  schema: S,
  form: FormData,
  run: (input: z.output<S>) => Promise<T>,
  locale?: Locale,
): Promise<ActionState<T>> {
  const language = locale ?? (await pageLocale());
  const given = formFields(form);
  const values = Object.fromEntries(
    Object.entries(given).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && !SECRET.test(entry[0]),
    ),
  );
  const check = (errors: FieldError[]) =>
    inLanguage(language, { status: "failed", message: "Please check the marked fields.", errors, values });
  const unstorable = unstorableField(given, "form");
  if (unstorable) return check([unstorable]);
  const parsed = schema.safeParse(given, { error: zodWordsIn(language) });
  if (!parsed.success) return check(fieldErrors(parsed.error, "form"));
  try {
    return { status: "done", data: await run(parsed.data) };
  } catch (error) {
    return failed(language, error, values);
  }
}

/** What a form shows after a verb threw; what Next throws, to lead elsewhere for one, goes on. */
function failed(locale: Locale, error: unknown, values?: Record<string, string>): Refusal {
  unstable_rethrow(error);
  return inLanguage(locale, { status: "failed", ...(values && { values }), ...told(error) });
}

type Refusal = ActionState<never> & { message: string };

const inLanguage = (locale: Locale, { message, errors, ...state }: Refusal): Refusal => ({
  ...state,
  message: maskKeys(sentenceIn(locale, message)),
  ...(errors && {
    errors: errors.map(({ field, message }) => ({
      field: maskKeys(field),
      message: maskKeys(sentenceIn(locale, message)),
    })),
  }),
});

/** Fields as text, several of one name as a list; Next's own bookkeeping fields are left out. */
function formFields(form: FormData): Record<string, string | string[]> {
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith("$ACTION"));
  const fields = names.map((name): [string, string | string[]] => {
    const texts = form
      .getAll(name)
      .filter((value): value is string => typeof value === "string" && value.trim() !== "");
    return [name, texts.length > 1 ? texts : (texts[0] ?? "")];
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== ""));
}

function told(error: unknown): { message: string; errors?: FieldError[] } {
  if (error instanceof AppError)
    return { message: error.detail, ...(error.extra.errors && { errors: error.extra.errors }) };
  log().error({ err: error }, "An action failed");
  if (isDiskFull(error)) return { message: "The database's disk is full. Nothing was changed." };
  if (isDatabaseGone(error))
    return { message: "The database cannot be reached right now. Nothing was changed; please try again." };
  return { message: "Something went wrong. Nothing was changed." };
}
