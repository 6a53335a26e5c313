"use client";
import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useState } from "react";
import { getSyncRunAction, requestSyncAction } from "@/app/(app)/sync-actions";
import { ActionNotice } from "@/components/ui/action-notice";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { SubmitButton } from "@/components/ui/submit-button";
import type { RunView } from "@/lib/sync/runs";

const POLL_MS = 700;
/** It comes and goes on its own, so it lies above the page: nothing that is being read moves. */
const FLOATING = "fixed inset-x-4 bottom-4 z-30 rounded-xl shadow-lg sm:left-auto sm:right-6 sm:w-96";
const isOpen = (run: RunView | null): boolean => run?.status === "queued" || run?.status === "running";

type SyncPanelProps = {
  /** A run that was under way when the page was made. */
  openRun: RunView | null;
  keyId?: number;
};

/** "Sync now", its progress, and what came of it; refreshes the page when it is through. */
export function SyncPanel({ openRun, keyId }: SyncPanelProps) {
  const t = useTranslations("sync");
  const [state, send, sending] = useActionState(requestSyncAction, { status: "idle" });
  const started = state.data?.run_id ?? openRun?.run_id ?? null;
  const run = useSyncRun(started, openRun);
  const busy = sending || (started !== null && (run === null || isOpen(run)));
  return (
    <div className="flex w-full flex-col gap-3 sm:w-auto">
      <form action={send} className="sm:self-end">
        {keyId !== undefined && <input type="hidden" name="key_id" value={keyId} />}
        <SubmitButton pending={busy} icon={<RefreshCw aria-hidden="true" className="size-4" />}>
          {t("now")}
        </SubmitButton>
      </form>
      <ActionNotice state={state} />
      {busy && (
        <div className={`${FLOATING} space-y-1.5 border border-line bg-surface p-4`} role="status">
          <RunProgress run={run} />
        </div>
      )}
      {!busy && run && state.data && (
        <div className={FLOATING}>
          <Outcome key={run.run_id} run={run} />
        </div>
      )}
    </div>
  );
}

/** By days of usage where an account's history is read, else by keys. */
function RunProgress({ run }: { run: RunView | null }) {
  const t = useTranslations("sync");
  const byDays = run !== null && run.days_total > 0;
  const [done, total] = byDays ? [run.days_done, run.days_total] : [run?.keys_done ?? 0, run?.keys_total ?? 0];
  return (
    <>
      <Progress label={t("label")} value={done} max={total || 1} />
      <p className="text-sm text-muted">
        {run?.status === "running" ? t(byDays ? "runningDays" : "running", { done, total }) : t("queued")}
      </p>
    </>
  );
}

function Outcome({ run }: { run: RunView }) {
  const t = useTranslations("sync");
  if (run.status === "succeeded") return <Notice kind="success">{t("succeeded", { rows: run.rows_written })}</Notice>;
  return (
    <Notice
      kind={run.status === "partial" ? "warning" : "error"}
      title={t(run.status === "partial" ? "partial" : "failed")}
    >
      <ul>
        {run.errors.map(({ api_key_id: id, api_key_name: name, detail }) => (
          <li key={id}>{t("error", { name, detail })}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** Follows a run until it ends; then the page reads again what it shows. */
function useSyncRun(runId: number | null, known: RunView | null): RunView | null {
  const router = useRouter();
  const [run, setRun] = useState(known);
  useEffect(() => {
    if (runId === null) return;
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    const poll = async () => {
      const read = await getSyncRunAction(runId).catch(() => null);
      if (ended) return;
      if (read) setRun(read);
      if (read && !isOpen(read)) router.refresh();
      else timer = setTimeout(poll, POLL_MS);
    };
    void poll();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [runId, router]);
  return run?.run_id === runId ? run : null;
}
