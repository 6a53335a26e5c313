import type { Metadata } from "next";
import { ROUTES } from "@/app/openapi.json/routes";
import { Logo } from "@/components/shell/logo";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { pageOrigin } from "@/lib/base/origin";
import { type Operation, openApiDocument } from "@/lib/openapi/document";
import { OperationView } from "./operation-view";

export const metadata: Metadata = { title: "API reference" };

type Listed = { path: string; method: string; operation: Operation };

/** The public API first: it is what most people come for. */
const FIRST = "Public API";

/** The API reference, drawn from the OpenAPI document; it needs no script and nothing from elsewhere. */
export default async function DocsPage() {
  const origin = await pageOrigin();
  const { info, tags, paths } = openApiDocument(ROUTES);
  const operations: Listed[] = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const sorted = tags.toSorted(
    (a, b) => Number(b.name === FIRST) - Number(a.name === FIRST) || a.name.localeCompare(b.name),
  );
  return (
    <main lang="en" className="mx-auto max-w-5xl px-4 py-8">
      <Link href="/" className="mb-6 inline-flex min-h-10 items-center gap-2.5 font-semibold">
        <Logo />
        OpenRouter Monitor
      </Link>
      <PageHeader
        title="API reference"
        note={
          <>
            Version {String(info.version)} ·{" "}
            <a className="text-accent underline" href="/openapi.json" rel="external">
              OpenAPI document
            </a>{" "}
            ·{" "}
            <Link className="text-accent underline" href="/tokens">
              Create an API token
            </Link>
          </>
        }
      />
      {String(info.description)
        .split("\n\n")
        .map((text) => (
          <p key={text} className="mb-3 max-w-prose text-sm">
            {text}
          </p>
        ))}
      <nav aria-label="Sections" className="my-6 flex flex-wrap gap-x-4 gap-y-2 text-sm">
        {sorted.map(({ name }) => (
          <a key={name} className="text-accent underline" href={`#${anchorOf(name)}`}>
            {name}
          </a>
        ))}
      </nav>
      <div className="grid gap-6">
        {sorted.map(({ name, description }) => (
          <div key={name} id={anchorOf(name)}>
            <Card late title={name} note={description}>
              {operations
                .filter(({ operation }) => operation.tags[0] === name)
                .map((listed) => (
                  <OperationView key={listed.operation.operationId} origin={origin} {...listed} />
                ))}
            </Card>
          </div>
        ))}
      </div>
    </main>
  );
}

const anchorOf = (name: string): string => name.toLowerCase().replaceAll(" ", "-");
