"use client";
import { useEffect, useState } from "react";
import { useFormat } from "@/i18n/use-format";

const MINUTE_MS = 60_000;

type AgoProps = {
  at: string;
  /** When the page was made (ms), and what was true then: "3 minutes ago". */
  madeAt: number;
  then: string;
  /** The time itself, in words. */
  title: string;
};

/** How long ago something was, still true when the page was made or opened a while ago. */
export function Ago({ at, madeAt, then, title }: AgoProps) {
  const format = useFormat();
  const [now, setNow] = useState(madeAt);
  useEffect(() => {
    const tick = () => setNow((before) => (Date.now() - before < MINUTE_MS ? before : Date.now()));
    tick();
    const timer = setInterval(tick, MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={title}>
      {now === madeAt ? then : format.ago(at, new Date(now))}
    </time>
  );
}
