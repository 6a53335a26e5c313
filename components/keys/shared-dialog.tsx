"use client";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext, useEffect, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { openDialog } from "@/components/ui/open-dialog";
import { KeyDialog, type Question, QuestionIcon } from "./key-dialog";

type Shared = { form: string; ask: (question: Question) => void };

const SharedDialogs = createContext<Shared>({ form: "", ask: () => {} });

/** One dialog for all keys of a table, made when a row asks for it: two for each of fifty rows weigh more than all the rest of the page. */
export function WithSharedDialog({ children }: { children: ReactNode }) {
  const form = useId();
  const dialog = useId();
  const [question, ask] = useState<Question | null>(null);
  useEffect(() => {
    if (question) openDialog(dialog);
  }, [question, dialog]);
  return (
    <SharedDialogs value={{ form, ask }}>
      {children}
      <form id={form} />
      {question && <KeyDialog {...question} id={dialog} ownPage={false} onClose={() => ask(null)} />}
    </SharedDialogs>
  );
}

/** A row's button. Until scripts are there it leads to the key's own page, where the same is done. */
export function SharedDialog({ what, of: key }: Question) {
  const t = useTranslations("keys.action");
  const { form, ask } = useContext(SharedDialogs);
  const label = t(what, { name: key.name });
  return (
    <Button
      type="submit"
      variant="ghost"
      size="icon"
      aria-label={label}
      title={label}
      aria-haspopup="dialog"
      form={form}
      formAction={`/keys/${key.id}`}
      onClick={(event) => {
        event.preventDefault();
        ask({ what, of: key });
      }}
    >
      <QuestionIcon of={what} />
    </Button>
  );
}
