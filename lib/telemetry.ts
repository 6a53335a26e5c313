import "server-only";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { appVersion } from "./version";

/**
 * Sends traces to an OpenTelemetry collector (OTLP over HTTP): Next makes the spans of requests, rendering and outgoing calls. Answers how to send what is left and
 * end. An unreachable collector costs spans, never requests.
 */
export function startTelemetry(endpoint: string): () => Promise<void> {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "openrouter-monitor", "service.version": appVersion() }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  provider.register();
  return () => provider.shutdown();
}
