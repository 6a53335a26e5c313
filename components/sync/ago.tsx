"use client";
import { useEffect, useState } from "react";
import { useFormat } from "@/i18n/use-format";

/** As in `lib/base/time.ts`, which would bring more along than a browser needs. */
const MINUTE_MS = 60_000;

type AgoProps = {
  at: string;
  /** When the page was made (ms). */
  madeAt: number;
  /** What is true then and after each minute more: "3 minutes ago". A browser's own format would take longer to make than the page to open. */
  texts: string[];
  /** The time itself, in words. */
  title: string;
};

/** How long ago something was, still true when the page was made or opened a while ago. */
export function Ago({ at, madeAt, texts, title }: AgoProps) {
  const format = useFormat();
  const [minutes, setMinutes] = useState(0);
  useEffect(() => {
    const tick = () => setMinutes(Math.max(0, Math.floor((Date.now() - madeAt) / MINUTE_MS)));
    tick();
    const timer = setInterval(tick, MINUTE_MS);
    return () => clearInterval(timer);
  }, [madeAt]);
  return (
    <time dateTime={at} title={title}>
      {texts[minutes] ?? format.ago(at, new Date(madeAt + minutes * MINUTE_MS))}
    </time>
  );
}
