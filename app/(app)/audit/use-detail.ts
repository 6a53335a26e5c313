import { useTranslations } from "next-intl";
import { ABSENT } from "@/lib/base/format";

/**
 * Says in the page's language what an event tells beyond its action and its object. What has no word there is a name that somebody gave, or known to another version
 * only, and stays as it is.
 */
export function useDetail(): (detail: Record<string, unknown>) => string {
  const t = useTranslations("audit.detail");
  const word = (path: string, otherwise: string): string => (t.has(path as never) ? t(path as never) : otherwise);
  const told = (name: string, value: unknown): string => {
    if (value === null || value === "") return ABSENT;
    if (typeof value === "object") return JSON.stringify(value);
    const parts = name === "fields" ? String(value).split(", ") : [String(value)];
    return parts.map((part) => word(`value.${name}.${part}`, part)).join(", ");
  };
  return (detail) =>
    Object.entries(detail)
      .map(([name, value]) => `${word(`name.${name}`, name)}: ${told(name, value)}`)
      .join(" · ");
}
