import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { configuredOAuthProviders } from "@/lib/access/oauth-providers";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { safeNext } from "@/lib/auth/safe-next";
import { passkeyPlace } from "@/lib/passkeys/relying-party";
import { signInWithProviderAction } from "./actions";
import { LoginForm } from "./login-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("login.title") };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function LoginPage({ searchParams }: Props) {
  const query = await searchParams;
  const next = safeNext(typeof query.next === "string" ? query.next : undefined);
  // Whoever is signed in already was connecting a service when it failed.
  if (await maybePageViewer()) redirect("error" in query ? "/profile?service=failed" : next);
  const t = await getTranslations("auth.login");
  const services = configuredOAuthProviders();
  return (
    <div className="space-y-5">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      {"deleted" in query && <Notice kind="success">{t("goodbye")}</Notice>}
      {"changed" in query && <Notice kind="success">{t("changed")}</Notice>}
      {"error" in query && <Notice kind="error">{t(`serviceError.${serviceError(query.error)}`)}</Notice>}
      <LoginForm next={next} place={await passkeyPlace()} />
      {services.map(({ id, name }) => (
        <form key={id} action={signInWithProviderAction}>
          <input type="hidden" name="service" value={id} />
          <input type="hidden" name="next" value={next} />
          <Button type="submit" variant="secondary" className="w-full">
            {t("service", { name })}
          </Button>
        </form>
      ))}
      <p className="text-sm">
        {t("new")}{" "}
        <Link href="/register" className="text-accent underline underline-offset-2">
          {t("register")}
        </Link>
      </p>
    </div>
  );
}

const serviceError = (code: string | string[] | undefined) =>
  code === "OAuthAccountNotLinked" || code === "AccessDenied" ? code : "other";
