"use client";
import { WifiOff } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useSyncExternalStore } from "react";

function subscribe(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

/** Says that the connection is gone, for as long as it is; then the page reads its figures again. */
export function OfflineNotice() {
  const t = useTranslations("common.offline");
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  const router = useRouter();
  useEffect(() => {
    const refresh = () => router.refresh();
    window.addEventListener("online", refresh);
    return () => window.removeEventListener("online", refresh);
  }, [router]);
  return (
    <div role="status">
      {!isOnline && (
        <p className="fixed inset-x-4 bottom-4 z-40 mx-auto flex max-w-lg items-start gap-3 rounded-xl border border-warning/30 bg-warning-soft p-3.5 text-sm shadow-lg">
          <WifiOff aria-hidden="true" className="mt-0.5 size-4.5 shrink-0 text-warning" />
          <span>
            <strong className="font-semibold">{t("title")}.</strong> {t("text")}
          </span>
        </p>
      )}
    </div>
  );
}
