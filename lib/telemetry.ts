import "server-only";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import { toldAddress } from "./http/told-address";
import { appVersion } from "./version";

/** Next tells each request's whole address; what is secret in one stays here. */
const withoutSecrets: SpanProcessor = {
  onStart(span) {
    for (const name of ["http.target", "http.url"]) {
      const address = span.attributes[name];
      if (typeof address === "string") span.setAttribute(name, toldAddress(address));
    }
  },
  onEnd() {},
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
