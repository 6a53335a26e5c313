import { expect, test } from "@playwright/test";
import { addZanzibar, startDoors, subrequest } from "../support/doors";
import { privatePagesAt } from "../support/private-pages";
import type { Instance } from "../support/production-instance";
import type { ProductionServer } from "../support/production-server";
import { signIn } from "../support/sign-in";

/** What a stranger and another team find behind the pages of the production build, whichever way they take to them. */
test.describe.configure({ mode: "serial", timeout: 90_000 });

const RSC = { RSC: "1" };

/** What the router says that it has already: every layout, so that the page alone is rendered and no layout can guard it. */
function stateFor(page: string): string {
  const leaf: unknown = ["__PAGE__", {}, null, "refetch"];
  const tree = page
    .split("/")
    .slice(1)
    .reduceRight((inner, name) => [/^\d+$/.test(name) ? ["id", name, "d", null] : name, { children: inner }], leaf);
  return encodeURIComponent(JSON.stringify(["", { children: ["(app)", { children: tree }] }]));
}

/** Ways to a page beside a person's own, by what they add to its path and to its headers. */
type Way = {
  name: string;
  suffix?: string;
  headers?: Record<string, string>;
  /** Whether Ann gets her page by it; `shell`: what stands there before anybody's data, for everybody. */
  gives?: "page" | "shell";
};
const WAYS: Way[] = [
  { name: "as a person", gives: "page" },
  { name: "for the router", headers: RSC, gives: "page" },
  { name: "for the router, by address", suffix: "?_rsc=1a2b3", headers: RSC, gives: "page" },
  { name: "ahead of time", headers: { ...RSC, "Next-Router-Prefetch": "1" }, gives: "shell" },
  {
    name: "its tree",
    headers: { ...RSC, "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree" },
    gives: "shell",
  },
  {
    name: "its whole",
    headers: { ...RSC, "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_full" },
    gives: "shell",
  },
  { name: "a file of it", suffix: ".rsc" },
  { name: "a file for the router", suffix: ".rsc", headers: RSC },
  { name: "a file made ahead", suffix: ".prefetch.rsc" },
  { name: "a file of its tree", suffix: ".segments/_tree.segment.rsc" },
  { name: "past the proxy, once", headers: subrequest("proxy"), gives: "page" },
  { name: "past the proxy", headers: subrequest("proxy", 5), gives: "page" },
  { name: "past what it was called before", headers: subrequest("middleware", 5), gives: "page" },
  { name: "past it in src", headers: subrequest("src/proxy", 5), gives: "page" },
  { name: "past it in pages", headers: subrequest("pages/_middleware"), gives: "page" },
  { name: "past it, for the router", headers: { ...RSC, ...subrequest("proxy", 5) }, gives: "page" },
  { name: "as data", headers: { "x-nextjs-data": "1" }, gives: "page" },
  {
    name: "as if matched",
    headers: { "x-matched-path": "/docs", "x-invoke-path": "/docs", "x-middleware-rewrite": "/docs" },
    gives: "page",
  },
];

/** `{"alg":"none"}` and `{}`. */
const UNSIGNED = "eyJhbGciOiJub25lIn0.e30.";
const PRIVATE = ["Zanzibar", "ann@example.com"];
let instance: Instance;
let proxied: ProductionServer;
let ann: string;
let bob: string;
let ended: string;
let tampered: string;
let herKey: string;
let pages: string[];

test.beforeAll(async () => {
  ({ instance, proxied } = await startDoors());
  ann = await signIn(proxied, "ann@example.com", "198.51.100.1");
  bob = await signIn(proxied, "bob@example.com", "198.51.100.2");
  ended = await signIn(proxied, "ann@example.com", "198.51.100.1");
  await proxied.call("/api/auth/logout", { token: ended, method: "POST" });
  const [header, , signature] = ann.split(".");
  tampered = [header, bob.split(".")[1], signature].join(".");
  const keyId = await addZanzibar(instance, proxied, ann);
  herKey = `/keys/${keyId}`;
  pages = privatePagesAt(keyId);
});

test.afterAll(() => instance?.close());

const waysTo = (page: string): Way[] => [
  ...WAYS,
  { name: "the page alone", headers: { ...RSC, "Next-Router-State-Tree": stateFor(page) }, gives: "page" },
];

/** Asks as Next's router does: a redirect to the same page under another `_rsc` is followed. */
async function ask(page: string, way: Way, cookie: string | undefined) {
  const headers = { ...way.headers, ...(cookie && { cookie: `session=${cookie}` }) };
  const get = (address: string) => fetch(proxied.address + address, { headers, redirect: "manual" });
  let response = await get(page + (way.suffix ?? ""));
  const to = response.headers.get("location");
  if (to?.startsWith(`${page}${way.suffix?.startsWith(".") ? way.suffix : ""}?_rsc`)) response = await get(to);
  return { status: response.status, location: response.headers.get("location") ?? "", text: await response.text() };
}

/** Led to the sign-in page or told that there is nothing, by status or, for the router, within the answer. */
const isRefusal = ({ status, location, text }: Awaited<ReturnType<typeof ask>>): boolean =>
  status === 404 ||
  (status === 307 && location.startsWith("/login")) ||
  /NEXT_REDIRECT;replace;\/login|NEXT_HTTP_ERROR_FALLBACK;404/.test(text);

test("no way to a page leads a stranger past the sign-in", async () => {
  expect(pages.length).toBeGreaterThan(8);
  const seen: string[] = [];
  const passes = async (page: string, way: Way, cookie: string | undefined) => {
    const answer = await ask(page, way, cookie);
    const isFine = isRefusal(answer) || (way.gives === "shell" && answer.status === 200);
    if (!isFine || PRIVATE.some((text) => answer.text.includes(text)))
      seen.push(`${page} ${way.name}: ${answer.status} ${answer.location}`);
  };
  for (const page of pages) {
    const cookies = page === herKey ? [undefined, ended, tampered, UNSIGNED] : [undefined, ended];
    await Promise.all(waysTo(page).flatMap((way) => cookies.map((cookie) => passes(page, way, cookie))));
  }
  expect(seen).toEqual([]);
});

test("no way to a page shows Bob anything of Ann's, though the same ways show it to her", async () => {
  for (const page of pages)
    await Promise.all(
      // Only the page of a key names something; the others show Bob his own, whichever way.
      (page === herKey ? waysTo(page) : WAYS.slice(0, 2)).map(async (way) => {
        const answer = await ask(page, way, bob);
        for (const text of PRIVATE) expect(answer.text, `${page} ${way.name}`).not.toContain(text);
        if (page === herKey && way.gives !== "shell")
          expect(isRefusal(answer), `${way.name}: ${answer.status}`).toBe(true);
      }),
    );
  for (const way of waysTo(herKey)) {
    const { text } = await ask(herKey, way, ann);
    expect.soft({ [way.name]: text.includes("Zanzibar") }).toEqual({ [way.name]: way.gives === "page" });
  }
});
