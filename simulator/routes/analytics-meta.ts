import { operators } from "../analytics/filters";
import { listedDimensions, listedMetrics, refuse } from "../analytics/listed";
import { granularities } from "../analytics/query";
import { ok, type Route } from "../http";

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** `GET /analytics/meta`: the names that a query may use. */
export const analyticsMetaRoute: Route = {
  method: "GET",
  pattern: "/analytics/meta",
  access: "management",
  handle({ settings }) {
    refuse(settings.analyticsStatus);
    refuse(settings.metaStatus);
    return ok({
      data: {
        metrics: [...listedMetrics(settings)].map(([name, { label, isRate, format }]) => ({
          name,
          display_label: label,
          is_rate: isRate,
          display_format: format,
        })),
        dimensions: [...listedDimensions(settings)].map(([name, { label }]) => ({ name, display_label: label })),
        operators: Object.entries(operators).map(([name, valueType]) => ({ name, value_type: valueType })),
        granularities: granularities.map((name) => ({ name, display_label: capitalized(name) })),
      },
    });
  },
};
