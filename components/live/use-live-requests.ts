"use client";
import { useEffect, useRef, useState } from "react";
import { type LiveRequest, mergeRequests } from "@/lib/broadcast/live";

/** Each request shows within a second of its arrival. */
const POLL_MS = 500;
/** While the server is away it is asked less often. */
const RETRY_MS = 4000;
const MOST_SHOWN = 200;

export type FeedState = "live" | "lost" | "signed-out";

/** The newest requests, kept up to date as long as `isOn`; asks nothing while the page is out of sight. */
export function useLiveRequests(initial: LiveRequest[], keyId: number | undefined, isOn: boolean) {
  const [requests, setRequests] = useState(initial);
  const [state, setState] = useState<FeedState>("live");
  const newest = useRef(initial[0]?.received_at);

  useEffect(() => {
    if (!isOn) return;
    const stop = new AbortController();
    let timer: number | undefined;
    const ask = async () => {
      const next = document.hidden ? "live" : await poll(keyId, newest.current, stop.signal);
      if (stop.signal.aborted) return;
      if (typeof next !== "string") {
        newest.current = next[0]?.received_at ?? newest.current;
        setRequests((shown) => mergeRequests(shown, next, MOST_SHOWN));
      }
      const now = typeof next === "string" ? next : "live";
      setState(now);
      if (now !== "signed-out") timer = window.setTimeout(ask, now === "live" ? POLL_MS : RETRY_MS);
    };
    void ask();
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [keyId, isOn]);

  return { requests, state };
}

async function poll(keyId: number | undefined, since: string | undefined, signal: AbortSignal) {
  const query = new URLSearchParams();
  if (keyId !== undefined) query.set("key_id", String(keyId));
  if (since !== undefined) query.set("since", since);
  try {
    const answer = await fetch(`/live/feed?${query}`, { signal, cache: "no-store" });
    // Without a session the proxy answers with the way to the login page.
    if (answer.status === 401 || answer.redirected) return "signed-out" as const;
    return answer.ok ? ((await answer.json()) as LiveRequest[]) : ("lost" as const);
  } catch {
    return "lost" as const;
  }
}
