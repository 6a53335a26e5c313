"use client";
import { Pause, Play } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { LiveRequest } from "@/lib/broadcast/live";
import { RequestTable } from "./request-table";
import { type FeedState, useLiveRequests } from "./use-live-requests";

type LiveRequestsProps = {
  initial: LiveRequest[];
  keyId: number | undefined;
  /** Shown while there is none. */
  children: ReactNode;
};

const ICON = { "aria-hidden": true, className: "size-4" } as const;
const TONES = { live: "success", lost: "warning", "signed-out": "danger" } as const satisfies Record<FeedState, string>;

/** Requests as they arrive, newest first. Without script: the list as it was when the page was made. */
export function LiveRequests({ initial, keyId, children }: LiveRequestsProps) {
  const t = useTranslations("live");
  const [isPaused, setPaused] = useState(false);
  const { requests, state } = useLiveRequests(initial, keyId, !isPaused);
  return (
    <>
      <div className="mb-3 flex items-center gap-3">
        <Button
          variant="secondary"
          size="small"
          icon={isPaused ? <Play {...ICON} /> : <Pause {...ICON} />}
          onClick={() => setPaused(!isPaused)}
        >
          {t(isPaused ? "resume" : "pause")}
        </Button>
        <span role="status">
          <Badge tone={isPaused ? "neutral" : TONES[state]}>{t(`state.${isPaused ? "paused" : state}`)}</Badge>
        </span>
        <noscript className="text-sm text-muted">{t("noScript")}</noscript>
      </div>
      {requests.length === 0 ? children : <RequestTable requests={requests} />}
    </>
  );
}
