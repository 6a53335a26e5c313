"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState, useTransition } from "react";

type Way = {
  href: string;
  /** Whether another page is asked for, or another view of this one. */
  to: "page" | "part";
  /** The same page with other filters stays where it was scrolled to; the next page of a list begins at its top. */
  scroll: boolean;
};

/**
 * Follows links and filter forms to our own pages without loading the document anew. Listens once for all of them: they stay plain ones, which work
 * before any script is there, and a browser has nothing to do for each of a hundred links until it is pressed. While an answer is on its way, the
 * style sheet shows it.
 */
export function SoftNavigation() {
  const t = useTranslations("common");
  const router = useRouter();
  const [pending, start] = useTransition();
  const [to, setTo] = useState<Way["to"]>("page");

  useEffect(() => {
    const go = (event: Event, way: Way | undefined) => {
      if (!way) return;
      event.preventDefault();
      // What was unfolded for the link has done its work. Browsers before 2024 know no popovers: they show it as part of the page.
      if (event.target instanceof Element) event.target.closest<HTMLElement>("[popover]")?.hidePopover?.();
      setTo(way.to);
      start(() => router.push(way.href, { scroll: way.scroll }));
    };
    const press = (event: MouseEvent) => go(event, wayOfLink(event));
    const submit = (event: SubmitEvent) => go(event, wayOfForm(event));
    document.addEventListener("click", press);
    document.addEventListener("submit", submit);
    document.addEventListener("change", sendChoice);
    return () => {
      document.removeEventListener("click", press);
      document.removeEventListener("submit", submit);
      document.removeEventListener("change", sendChoice);
    };
  }, [router]);

  useEffect(() => {
    if (!pending) return;
    const { dataset } = document.documentElement;
    dataset.pending = to;
    return () => {
      delete dataset.pending;
    };
  }, [pending, to]);

  return (
    pending && (
      <span role="status" className="sr-only">
        {t("loading")}
      </span>
    )
  );
}

/** Where a press leads, if it is one on a link that should open in this window. */
function wayOfLink(event: MouseEvent): Way | undefined {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.matches("[target], [download], [rel~=external]")) return;
  const url = new URL(link.getAttribute("href") ?? "", location.href);
  // A place on this page: the browser knows the way.
  if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
  return wayTo(url, link.matches("[rel~=prev], [rel~=next]"));
}

/** Where a form leads whose answers become an address; those that were left blank are not part of it. */
function wayOfForm(event: SubmitEvent): Way | undefined {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== "get") return;
  const action = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const url = new URL(action, location.href);
  url.search = "";
  for (const [name, value] of new FormData(form)) if (value !== "") url.searchParams.append(name, String(value));
  return wayTo(url, false);
}

function wayTo({ origin, pathname, search, hash }: URL, toTop: boolean): Way | undefined {
  if (origin !== location.origin) return;
  const isHere = pathname === location.pathname;
  return { href: pathname + search + hash, to: isHere ? "part" : "page", scroll: toTop || !isHere };
}

/** Sends a form as soon as a choice is made in its part that asks for that. */
function sendChoice({ target }: Event): void {
  if (target instanceof HTMLSelectElement && target.closest("[data-sends-itself]")) target.form?.requestSubmit();
}
