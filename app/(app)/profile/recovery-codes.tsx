"use client";
import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";

/** The recovery codes, this once. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  const t = useTranslations("profile.twoFactor");
  return (
    <Notice kind="warning" title={t("codesTitle")} dismissible={false} actions={<CopyButton text={codes.join("\n")} />}>
      <p>{t("codesText")}</p>
      <ul className="mt-2 grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-4 gap-y-1 font-mono">
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap select-all">
            {code}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
