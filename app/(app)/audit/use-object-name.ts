import { useTranslations } from "next-intl";
import { isAuditObjectType } from "@/lib/access/audit-object-types";
import type { AuditEventView } from "@/lib/audit/schema";

/** Says in the page's language what an event was about, by kind and number; a kind that only another version knows keeps its own name. */
export function useObjectName(): (event: AuditEventView) => string {
  const t = useTranslations("audit");
  const kindOf = (type: string | null) => (type !== null && isAuditObjectType(type) ? t(`object_type.${type}`) : type);
  return ({ object_type, object_id }) => [kindOf(object_type), object_id].filter(Boolean).join(" ");
}
