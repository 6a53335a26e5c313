import { Badge, type Tone } from "@/components/ui/badge";
import { CodeLine } from "@/components/ui/code-line";
import type { Operation } from "@/lib/openapi/document";
import type { JsonSchema } from "@/lib/openapi/json-schema";
import { curlOf } from "./curl";
import { type Field, SchemaTable } from "./schema-table";

type Content = Record<string, { example?: unknown }>;
type OperationViewProps = { origin: string; path: string; method: string; operation: Operation };

const TONES: Record<string, Tone> = {
  get: "info",
  post: "success",
  put: "warning",
  patch: "warning",
  delete: "danger",
};

/** One operation, folded: parameters, body, a command to try, an example answer, and what else may come. */
export function OperationView({ origin, path, method, operation }: OperationViewProps) {
  const { operationId, summary, description, responses } = operation;
  const fields = fieldsOf(operation);
  const [success] = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  const example = (success?.[1].content as Content | undefined)?.["application/json"]?.example;
  return (
    <details id={operationId} className="border-t border-line py-3">
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={TONES[method] ?? "neutral"}>{method.toUpperCase()}</Badge>
        <code className="font-mono text-sm break-all">{path}</code>
        <span className="text-sm text-muted">{summary}</span>
      </summary>
      <div className="mt-3 grid gap-4">
        {description && <p className="text-sm">{description}</p>}
        {fields.length > 0 && <SchemaTable label={`Input of ${operationId}`} fields={fields} />}
        <CodeLine text={curlOf(origin, path, method, operation)} copyLabel={`Copy the command of ${operationId}`} />
        {example !== undefined && (
          <details>
            <summary className="cursor-pointer text-sm text-muted">Example answer</summary>
            <pre className="mt-2 rounded-lg bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">
              {JSON.stringify(example, null, 2)}
            </pre>
          </details>
        )}
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
          {Object.entries(responses).map(([status, response]) => (
            <li key={status}>
              <span className="font-mono font-medium text-ink">{status}</span> {String(response.description)}
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}

function fieldsOf({ parameters = [], requestBody }: Operation): Field[] {
  const body = requestBody?.content["application/json"]?.schema ?? {};
  const required = Array.isArray(body.required) ? body.required : [];
  return [
    ...parameters.map(({ name, in: place, required: isRequired, schema, description }) => ({
      name,
      place,
      isRequired,
      schema,
      description,
    })),
    ...Object.entries((body.properties ?? {}) as Record<string, JsonSchema>).map(([name, schema]) => ({
      name,
      place: "body",
      isRequired: required.includes(name),
      schema,
      description: typeof schema.description === "string" ? schema.description : undefined,
    })),
  ];
}
