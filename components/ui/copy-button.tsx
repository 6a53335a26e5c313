"use client";
import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button, type Variant } from "./button";

type CopyButtonProps = { text: string; label?: string; variant?: Variant };

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label, variant = "secondary" }: CopyButtonProps) {
  const t = useTranslations("common");
  const [result, setResult] = useState<"idle" | "copied" | "failed">("idle");
  const copy = async () => {
    // The clipboard exists only in a secure context; the text stays selectable beside the button.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setResult(done ? "copied" : "failed");
  };
  const words = { idle: label ?? t("copy"), copied: t("copied"), failed: t("copyFailed") }[result];
  return (
    <Button
      variant={variant}
      size="small"
      onClick={copy}
      icon={
        result === "copied" ? (
          <Check aria-hidden="true" className="size-4" />
        ) : (
          <Copy aria-hidden="true" className="size-4" />
        )
      }
    >
      <span aria-live="polite">{words}</span>
    </Button>
  );
}
