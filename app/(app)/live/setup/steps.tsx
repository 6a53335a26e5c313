import { useTranslations } from "next-intl";

const STEPS = ["open", "add", "url", "header", "privacy", "sampling", "test"] as const;

/** What is to be done at OpenRouter, whose page is called so at the time of writing. */
export function Steps({ origin }: { origin: string }) {
  const t = useTranslations("live.setup.steps");
  return (
    <section aria-label={t("label")} className="mt-6 text-sm">
      <h3 className="font-semibold">{t("label")}</h3>
      <ol className="mt-2 list-decimal space-y-1.5 pl-5">
        {STEPS.map((step) => (
          <li key={step}>
            {t.rich(step, {
              url: `${origin}/api/ingest/broadcast/…`,
              b: (text) => <strong className="font-semibold">{text}</strong>,
              code: (text) => <code className="rounded bg-sunken px-1 font-mono text-xs break-all">{text}</code>,
              link: (text) => (
                <a
                  href="https://openrouter.ai/settings/observability"
                  rel="noreferrer"
                  className="text-accent underline underline-offset-2"
                >
                  {text}
                </a>
              ),
            })}
          </li>
        ))}
      </ol>
    </section>
  );
}
