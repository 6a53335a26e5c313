import { dimensions } from "../analytics/dimensions";
import { operators } from "../analytics/filters";
import { metrics } from "../analytics/metrics";
import { granularities, isListed } from "../analytics/query";
import { ApiError, ok, type Route } from "../http";

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** `GET /analytics/meta`: the names that a query may use. */
export const analyticsMetaRoute: Route = {
  method: "GET",
  pattern: "/analytics/meta",
  access: "management",
  handle: ({ settings }) => {
    if (settings.metaStatus !== 200) throw new ApiError(settings.metaStatus, "Not available");
    const listed = [...metrics].filter(([name]) => isListed(name, settings));
    return ok({
      data: {
        metrics: listed.map(([name, { label, isRate, format }]) => ({
          name,
          display_label: label,
          is_rate: isRate,
          display_format: format,
        })),
        dimensions: [...dimensions].map(([name, { label }]) => ({ name, display_label: label })),
        operators: Object.entries(operators).map(([name, valueType]) => ({ name, value_type: valueType })),
        granularities: granularities.map((name) => ({ name, display_label: capitalized(name) })),
      },
    });
  },
};
