import type { Operation } from "@/lib/openapi/document";

/** A shell command that runs as it stands once TOKEN is set: required parameters and the body filled with examples. */
export function curlOf(origin: string, path: string, method: string, operation: Operation): string {
  const filled = (operation.parameters ?? []).filter(({ example }) => example !== undefined);
  const address = filled
    .filter((parameter) => parameter.in === "path")
    .reduce((text, { name, example }) => text.replace(`{${name}}`, encodeURIComponent(String(example))), path);
  const query = new URLSearchParams(
    filled.filter((parameter) => parameter.in === "query").map(({ name, example }) => [name, String(example)]),
  ).toString();
  const body = operation.requestBody?.content["application/json"]?.example;
  return [
    `curl${method === "get" ? "" : ` -X ${method.toUpperCase()}`} '${origin}${address}${query && `?${query}`}'`,
    ...(operation.security.some((scheme) => Object.keys(scheme).length > 0)
      ? [`-H "Authorization: Bearer $TOKEN"`]
      : []),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ].join(" \\\n  ");
}
