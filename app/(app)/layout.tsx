import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { PAGES } from "@/components/shell/pages";
import { pageViewer } from "@/lib/access/page-viewer";
import { can } from "@/lib/access/permissions";
import { pageTheme } from "@/lib/auth/page-theme";
import { readableEmail } from "@/lib/base/email";
import { env } from "@/lib/base/env";
import { signOut } from "./sign-out";

export default async function AppLayout({ children }: { children: ReactNode }) {
  const viewer = await pageViewer("personal");
  return (
    <AppShell
      email={readableEmail(viewer.email)}
      isAdmin={viewer.isAdmin}
      theme={await pageTheme()}
      demo={env().DEMO}
      hidden={PAGES.filter(({ access }) => !can(viewer, access)).map(({ href }) => href)}
      signOut={signOut}
    >
      {children}
    </AppShell>
  );
}
