import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import type { Namespace } from "./messages";

/** Sends the texts of some namespaces (and the common ones) to the client components inside. */
export async function ClientMessages({ of = [], children }: { of?: Namespace[]; children: ReactNode }) {
  const all = await getMessages();
  const wanted = (["common", ...of] as const).map((name) => [name, all[name]]);
  return <NextIntlClientProvider messages={Object.fromEntries(wanted)}>{children}</NextIntlClientProvider>;
}
