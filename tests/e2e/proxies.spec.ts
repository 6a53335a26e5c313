import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type APIRequestContext, expect, request, test } from "@playwright/test";
import { freePort } from "@/db/embedded/free-port";
import { actionBody, builtAction } from "../support/built-actions";
import { type Instance, startInstance } from "../support/production-instance";
import { isInstalled, type ReverseProxy, startCaddy, startNginx, startPlainProxy } from "../support/reverse-proxies";
import { PASSWORD } from "../support/sign-in";

/** The production build behind the proxies of deploy/ and behind plain ones, under APP_URL with a port of its own. */
type Kind = {
  name: string;
  program?: string;
  scheme: "http" | "https";
  start(place: { folder: string; port: number; target: number }): Promise<ReverseProxy>;
};

const KINDS: Kind[] = [
  { name: "nginx with deploy/nginx.conf", program: "nginx", scheme: "https", start: startNginx },
  { name: "Caddy with deploy/Caddyfile", program: "caddy", scheme: "https", start: startCaddy },
  { name: "a plain proxy", scheme: "http", start: (place) => startPlainProxy(place) },
  {
    name: "a proxy that writes another host",
    scheme: "http",
    start: (place) => startPlainProxy(place, `127.0.0.1:${place.target}`),
  },
  {
    name: "a proxy that loses the port",
    scheme: "http",
    start: (place) => startPlainProxy(place, "localhost"),
  },
];

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "monitor-proxies-"));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

for (const { name, program, scheme, start } of KINDS) {
  test.describe(name, () => {
    test.describe.configure({ mode: "serial", timeout: 120_000 });
    test.skip(program !== undefined && !isInstalled(program), `${program} is not installed`);
    let instance: Instance;
    let proxy: ReverseProxy;
    let address: string;
    let people: APIRequestContext;

    test.beforeAll(async () => {
      const own = path.join(folder, name.replaceAll(/\W+/g, "-"));
      mkdirSync(own);
      const port = await freePort();
      address = `${scheme}://localhost:${port}`;
      instance = await startInstance([{ APP_URL: address, TRUST_PROXY: "1", LOG_LEVEL: "fatal" }]);
      const target = Number(new URL(instance.servers[0]?.address ?? "").port);
      proxy = await start({ folder: own, port, target });
      people = await request.newContext({ baseURL: address, ignoreHTTPSErrors: true });
      await people.post("/api/auth/register", {
        data: { email: "ann@example.com", password: PASSWORD, password_confirm: PASSWORD },
      });
    });
    test.afterAll(async () => {
      await people?.dispose();
      await proxy?.close();
      await instance?.close();
    });

    /** Sends the form of the sign-in page as a browser does that has it from `origin`. */
    const signIn = async (origin: string) => {
      const { id, page } = builtAction("loginAction");
      return people.fetch(page, {
        method: "POST",
        headers: { Origin: origin, "Next-Action": id, Accept: "text/x-component" },
        multipart: actionBody({ email: "ann@example.com", password: PASSWORD }),
        maxRedirects: 0,
      });
    };

    test("takes forms from the address in the browser, and no other", async ({ browser }) => {
      const taken = await signIn(address);
      expect(taken.status(), await taken.text()).toBeLessThan(400);
      expect(taken.headers()["set-cookie"]).toMatch(/session=./);
      const { port } = new URL(address);
      const others = ["https://evil.example", `${scheme}://localhost:${Number(port) + 1}`, `${scheme}://localhost`];
      for (const origin of others) {
        const refused = await signIn(origin);
        expect(refused.status(), origin).toBe(403);
        expect(await refused.text()).toContain("set APP_URL to the address in your browser");
      }
      const page = await browser.newPage({ ignoreHTTPSErrors: true });
      await page.goto(`${address}/keys`);
      await page.getByLabel("E-mail").fill("ann@example.com");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page).toHaveURL(`${address}/keys`);
      await page.close();
    });

    test("sends nobody to another address", async () => {
      const stranger = await request.newContext({ baseURL: address, ignoreHTTPSErrors: true });
      const sent = await stranger.get("/stats", { maxRedirects: 0 });
      expect(sent.status()).toBe(307);
      expect(new URL(sent.headers().location ?? "", address).href).toBe(`${address}/login?next=%2Fstats`);
      await stranger.dispose();
    });

    test("hands scripts out compressed, to be kept for good", async () => {
      test.skip(program === undefined, "A plain proxy compresses nothing");
      const html = await (await people.get("/docs")).text();
      const script = /\/_next\/static\/[^"]+\.js/.exec(html)?.[0] ?? "none";
      for (const _ of [1, 2]) {
        const answer = await people.get(script, { headers: { "Accept-Encoding": "gzip" } });
        expect(answer.status(), script).toBe(200);
        expect(answer.headers()["content-encoding"]).toBe("gzip");
        expect(answer.headers()["cache-control"]).toMatch(/max-age=31536000, immutable/);
      }
    });
  });
}
