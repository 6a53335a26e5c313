import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** A Chromium that runs here, with what its processes need in their environment. */
export type Browser = { executablePath: string; env: Record<string, string> };

const SYSTEM_BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The package's own names folders of Lambda alone. Without any font Chromium crashes as soon as a page's own is not there yet. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="relative">../fonts-cache</cachedir>
</fontconfig>
`;

function runs({ executablePath, env }: Browser): boolean {
  const probe = spawnSync(executablePath, ["--version", "--no-sandbox"], {
    // biome-ignore lint/style/noProcessEnv: the browser gets our environment and a little more
    env: { ...process.env, ...env },
    stdio: "ignore",
    timeout: 30_000,
  });
  return probe.status === 0;
}

function systemBrowser(): Browser | undefined {
  // biome-ignore lint/style/noProcessEnv: a tool's setting, not the product's
  const candidates = [process.env.CHROMIUM_PATH, ...SYSTEM_BROWSERS];
  return candidates
    .flatMap((executablePath) => (executablePath && existsSync(executablePath) ? [{ executablePath, env: {} }] : []))
    .find(runs);
}

/** The browser of the npm package @sparticuz/chromium, unpacked once, with the libraries it brings for bare machines. */
export function packagedBrowser(): Browser {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  // build/cjs/index.cjs
  const packageDir = path.resolve(path.dirname(entry), "../..");
  const { version } = JSON.parse(readFileSync(path.join(packageDir, "package.json"), "utf8"));
  const cache = path.resolve(packageDir, "../../.cache/chromium");
  const folder = path.join(cache, String(version));
  if (!existsSync(folder)) {
    const draft = path.join(cache, `new-${process.pid}`);
    mkdirSync(draft, { recursive: true });
    // It unpacks into the temporary folder, and its libraries only where it believes to be on Lambda.
    execFileSync(
      process.execPath,
      ["--input-type=module", "--eval", 'await (await import("@sparticuz/chromium")).default.executablePath()'],
      {
        cwd: path.resolve(packageDir, "../../.."),
        // biome-ignore lint/style/noProcessEnv: as above
        env: { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    if (!existsSync(folder)) renameSync(draft, folder);
    rmSync(draft, { recursive: true, force: true });
  }
  const executablePath = path.join(folder, "chromium");
  const fonts = { FONTCONFIG_FILE: path.join(folder, "fonts", "own.conf") };
  if (!existsSync(fonts.FONTCONFIG_FILE)) writeFileSync(fonts.FONTCONFIG_FILE, FONTS);
  const plain = { executablePath, env: fonts };
  // The machine's own libraries fit the machine better than the package's.
  if (runs(plain)) return plain;
  return { executablePath, env: { ...fonts, LD_LIBRARY_PATH: path.join(folder, "al2023", "lib") } };
}

/** CHROMIUM_PATH, else a Chromium of the system, else the one that came with npm. */
export function findBrowser(): Browser {
  return systemBrowser() ?? packagedBrowser();
}
