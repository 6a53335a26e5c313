"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useTransition } from "react";

type FilterFormProps = { action: string; className: string; children: ReactNode };

/** A form whose answers become the address. With script the page stays where it is and turns pale until the answer is there. */
export function FilterForm({ action, className, children }: FilterFormProps) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) if (value !== "") query.append(name, String(value));
    start(() => router.push(`${action}?${query}`, { scroll: false }));
  };
  return (
    <form action={action} onSubmit={ask} className={className} data-pending={pending ? "part" : undefined}>
      {children}
    </form>
  );
}
