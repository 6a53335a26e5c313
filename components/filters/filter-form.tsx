"use client";
import Form from "next/form";
import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { NavigationPending } from "@/components/ui/navigation-pending";

type FilterFormProps = { action: string; className?: string; children: ReactNode };

/**
 * A form whose fields become the query string of its own page, which stays scrolled as it was. Works without scripts.
 */
export function FilterForm({ action, className, children }: FilterFormProps) {
  return (
    <Form ref={dropBlanks} action={action} prefetch={false} scroll={false} className={className}>
      {children}
      <FormPending />
    </Form>
  );
}

/** `useFormStatus` answers only below the form. */
function FormPending() {
  return useFormStatus().pending && <NavigationPending to="view" />;
}

/** Fields that were left blank are no part of the address. */
function dropBlanks(form: HTMLFormElement | null): void {
  form?.addEventListener("formdata", ({ formData }) => {
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name).filter((value) => value !== "");
      formData.delete(name);
      for (const value of values) formData.append(name, value);
    }
  });
}
