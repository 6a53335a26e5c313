import "server-only";
import type { Attributes } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import { maskKeys } from "./mask";
import { redactPath } from "./redact-path";
import { appVersion } from "./version";

const masked = (attributes: Attributes = {}): Attributes =>
  JSON.parse(maskKeys(JSON.stringify(attributes))) as Attributes;

/** Next tells each request's whole address, and errors tell anything; what is secret in them stays here. */
const withoutSecrets: SpanProcessor = {
  onStart(span) {
    for (const name of ["http.target", "http.url"]) {
      const address = span.attributes[name];
      if (typeof address === "string") span.setAttribute(name, redactPath(address));
    }
  },
  // What was thrown stands in a span's events and its status. It has ended and is not on its way yet: what exports it comes after us.
  onEnd(span) {
    const { name, status, events, links } = span;
    Object.assign(span, {
      name: maskKeys(name),
      attributes: masked(span.attributes),
      status: { ...status, ...(status.message !== undefined && { message: maskKeys(status.message) }) },
      events: events.map((event) => ({ ...event, name: maskKeys(event.name), attributes: masked(event.attributes) })),
      links: links.map((link) => ({ ...link, attributes: masked(link.attributes) })),
    });
  },
  forceFlush: async () => {},
  shutdown: async () => {},
};

/**
 * Sends traces to an OpenTelemetry collector (OTLP over HTTP): Next makes the spans of requests, rendering and outgoing calls. Answers how to send what is left and
 * end. An unreachable collector costs spans, never requests.
 */
export function startTelemetry(endpoint: string): () => Promise<void> {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "openrouter-monitor", "service.version": appVersion() }),
    spanProcessors: [withoutSecrets, new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  provider.register();
  return () => provider.shutdown();
}
