"use client";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { type MouseEvent, useState } from "react";
import { MenuButton } from "@/components/shell/menu-button";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { useFormat } from "@/i18n/use-format";
import type { ExportChoice } from "./export-choices";

/** Rows that the page fetches itself, to say how far they are; more goes straight from the server to the disk. */
const MOST_FETCHED = 50_000;

/** `rows` null: a packed file, whose rows cannot be counted on the way. */
type State =
  | { step: "idle" | "failed" | "handed" }
  | { step: "running"; rows: number | null }
  | { step: "done"; format: string };

/** Links to the files of the selection; with script they say how far the download is. */
export function ExportMenu({ query, total, choices }: { query: string; total: number; choices: ExportChoice[] }) {
  const t = useTranslations("stats.export");
  const format = useFormat();
  const [state, setState] = useState<State>({ step: "idle" });

  const save = async (event: MouseEvent<HTMLAnchorElement>, file: ExportChoice["file"]) => {
    if (total > MOST_FETCHED) return setState({ step: "handed" });
    event.preventDefault();
    const { href } = event.currentTarget;
    const isCountable = file !== "xlsx";
    setState({ step: "running", rows: isCountable ? 0 : null });
    try {
      await download(href, (rows) => isCountable && setState({ step: "running", rows }));
      setState({ step: "done", format: file === "excel" ? "CSV" : file.toUpperCase() });
    } catch {
      setState({ step: "failed" });
    }
  };

  return (
    <div className="flex flex-col gap-3">
      <MenuButton
        className="self-start sm:self-end"
        label={t("label")}
        icon={<Download aria-hidden="true" className="size-4" />}
      >
        <ul>
          {choices.map(({ file, query: fileQuery }) => (
            <li key={file}>
              <a
                href={`/stats/export${query}${query === "?" ? "" : "&"}${fileQuery}`}
                download
                onClick={(event) => save(event, file)}
                className="flex min-h-10 items-center rounded-lg px-3 text-sm hover:bg-sunken"
              >
                {file === "excel" ? t("excel") : t("format", { format: file.toUpperCase() })}
              </a>
            </li>
          ))}
        </ul>
      </MenuButton>
      {state.step === "running" && (
        <div role="status" className="w-full space-y-1.5 sm:w-64">
          <Progress label={t("progress")} value={state.rows} max={total || 1} />
          <p className="text-sm text-muted">
            {state.rows === null
              ? t("packing", { total: format.count(total) })
              : t("running", { shown: format.count(Math.min(state.rows, total)), total: format.count(total) })}
          </p>
        </div>
      )}
      {state.step === "handed" && <Notice>{t("handed", { total: format.count(total) })}</Notice>}
      {state.step === "failed" && <Notice kind="error">{t("failed")}</Notice>}
      {state.step === "done" && (
        <Notice kind="success">{t("done", { total: format.count(total), format: state.format })}</Notice>
      )}
    </div>
  );
}

const NEWLINE = 10;

/** Fetches a file, counting its lines as they arrive, and hands it to the browser under the name the server gave it. */
async function download(href: string, onRows: (rows: number) => void): Promise<void> {
  const response = await fetch(href);
  if (!response.ok || !response.body) throw new Error(`The export answered ${response.status}`);
  let rows = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        for (const byte of chunk) if (byte === NEWLINE) rows += 1;
        onRows(rows);
        controller.enqueue(chunk);
      },
    }),
  );
  const blob = await new Response(counted).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "usage";
  link.click();
  URL.revokeObjectURL(link.href);
}
