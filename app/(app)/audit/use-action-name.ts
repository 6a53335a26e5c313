import { useTranslations } from "next-intl";
import { isAuditAction } from "@/lib/access/audit-actions";

/** Says in the page's language what happened; what only another version knows keeps its own name. */
export function useActionName(): (action: string) => string {
  const t = useTranslations("audit");
  return (action) => (isAuditAction(action) ? t(`action.${action}`) : action);
}
