import { useTranslations } from "next-intl";
import { LanguageSwitch } from "./language-switch";

// biome-ignore lint/style/noProcessEnv: inlined at build time from package.json
const VERSION = process.env.APP_VERSION;

export function Footer() {
  const t = useTranslations("common");
  return (
    <footer className="mt-10 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line py-4 text-sm text-muted">
      <p>{t("version", { version: VERSION ?? "" })}</p>
      <LanguageSwitch />
    </footer>
  );
}
