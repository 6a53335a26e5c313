import { readFileSync } from "node:fs";
import type { ProductionServer } from "./production-server";

/** A server action of the production build: what the browser names it by, and a page that carries it (`[id]` as in its folder). */
export type BuiltAction = { id: string; name: string; page: string };

type Manifest = { node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }> };

/**
 * All of them, as Next itself lists them: those of the build, or those that development (`.next/dev`) has compiled so
 * far.
 */
export function builtActions(dir = ".next"): BuiltAction[] {
  const { node } = JSON.parse(readFileSync(`${dir}/server/server-reference-manifest.json`, "utf8")) as Manifest;
  return Object.entries(node).map(([id, { workers, filename, exportedName }]) => {
    const [worker = ""] = Object.keys(workers);
    const page = worker.replace(/^app|\/page$|\/\([^)]+\)/g, "") || "/";
    return { id, name: `${filename.replace(/^app\//, "")} ${exportedName}`, page };
  });
}

/** The one of that name. */
export function builtAction(name: string, dir?: string): BuiltAction {
  const action = builtActions(dir).find((each) => each.name.endsWith(` ${name}`));
  if (!action) throw new Error(`There is no action ${name}`);
  return action;
}

/** The same on the page of a key, where its page is one. */
export const atKey = (action: BuiltAction, keyId: number): BuiltAction => ({
  ...action,
  page: action.page.replace("[id]", String(keyId)),
});

/** The body that React sends for a form's action: the state before, and the form's fields. */
export function actionBody(fields: Record<string, string>): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(`_1_${name}`, value);
  body.set("0", '[{"status":"idle"},"$K1"]');
  return body;
}

/** Calls one as its page does. */
export const callAction = (
  server: ProductionServer,
  { id, page }: BuiltAction,
  headers: Record<string, string>,
  fields: Record<string, string> = {},
): Promise<Response> =>
  fetch(server.address + page, {
    method: "POST",
    headers: { "Next-Action": id, Accept: "text/x-component", ...headers },
    body: actionBody(fields),
    redirect: "manual",
  });
