export type Sample = { labels: Record<string, string>; value: string | number | null };
export type Family = { name: string; type: "counter" | "gauge"; help: string; samples: Sample[] };

const TEXT = "text/plain; version=0.0.4; charset=utf-8";
const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

export const METRIC_MEDIA = ["text/plain", "application/openmetrics-text"];

/**
 * Metrics as the scraper wants them: OpenMetrics when it accepts that, else Prometheus' text format 0.0.4. Unknown values and empty
 * families are left out.
 */
export function exposition(families: Family[], accept: string | null): { type: string; text: string } {
  const open = accept?.includes("application/openmetrics-text") ?? false;
  const lines = families.flatMap(({ name, type, help, samples }) => {
    const known = samples.filter(({ value }) => value !== null);
    if (known.length === 0) return [];
    const full = type === "counter" ? `${name}_total` : name;
    // OpenMetrics names the family, the older format names the sample.
    const family = open ? name : full;
    return [
      `# HELP ${family} ${escaped(help)}`,
      `# TYPE ${family} ${type}`,
      ...known.map(({ labels, value }) => `${full}${labelled(labels)} ${value}`),
    ];
  });
  if (open) lines.push("# EOF");
  return { type: open ? OPEN_METRICS : TEXT, text: lines.map((line) => `${line}\n`).join("") };
}

function labelled(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", " ");
