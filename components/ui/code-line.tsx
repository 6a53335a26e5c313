import { CopyButton } from "./copy-button";

/** A line to copy into a terminal; it wraps rather than hides. */
export function CodeLine({ text, copyLabel }: { text: string; copyLabel: string }) {
  return (
    <div className="flex flex-wrap items-start gap-2">
      <code className="min-w-0 flex-1 basis-64 rounded-lg bg-sunken px-3 py-2 font-mono text-xs break-all whitespace-pre-wrap text-ink">
        {text}
      </code>
      <CopyButton text={text} label={copyLabel} />
    </div>
  );
}
