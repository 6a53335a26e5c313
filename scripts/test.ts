import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const root = path.resolve(fileURLToPath(import.meta.url), "../..");
const REPORTS = { unit: "test-results/unit.json", browser: "test-results/report.json" };

type Step = { name: string; command: string[] };

const bin = (name: string) => path.join(root, "node_modules", ".bin", name);

const STEPS: Step[] = [
  { name: "Lint", command: [bin("biome"), "check", "--error-on-warnings", "."] },
  { name: "Dead code", command: [bin("knip")] },
  { name: "Types of the routes", command: [bin("next"), "typegen"] },
  { name: "Types", command: [bin("tsc"), "--noEmit"] },
  {
    name: "Production build",
    command: [process.execPath, "--import", "tsx", "--conditions=react-server", path.join(root, "scripts/build.ts")],
  },
  {
    name: "Unit and integration tests",
    command: [
      bin("vitest"),
      "run",
      "--coverage",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${REPORTS.unit}`,
    ],
  },
  { name: "Browser tests", command: [bin("playwright"), "test"] },
];

const print = (line: string) => process.stdout.write(`${line}\n`);
let running: ChildProcess | undefined;

/** Runs one step with its output passed on; true when it succeeded. */
async function run({ name, command }: Step): Promise<boolean> {
  print(`\n── ${name}`);
  const started = performance.now();
  const [program = "", ...args] = command;
  running = spawn(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(running, "exit");
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(`── ${name}: ${code === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  return code === 0;
}

function readReport(file: string): unknown {
  const report = path.join(root, file);
  return existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
}

const UnitReport = z.object({ numPassedTests: z.number().default(0), numFailedTests: z.number().default(0) });
const BrowserReport = z.object({
  stats: z
    .object({ expected: z.number(), unexpected: z.number(), flaky: z.number() })
    .default({ expected: 0, unexpected: 0, flaky: 0 }),
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    running?.kill(signal);
    process.exit(1);
  });
}

const proxies = ["nginx", "caddy"].filter((program) => spawnSync(program, ["version"]).error);
if (proxies.length > 0)
  print(`The tests of ${proxies.join(" and ")} are passed over, for this machine has none (.ci/run installs them)`);

for (const report of Object.values(REPORTS)) rmSync(path.join(root, report), { force: true });
const failedSteps: string[] = [];
for (const step of STEPS) {
  if (!(await run(step))) failedSteps.push(step.name);
}

const unit = UnitReport.parse(readReport(REPORTS.unit));
const { stats } = BrowserReport.parse(readReport(REPORTS.browser));
const passed = unit.numPassedTests + stats.expected;
const failedTests = unit.numFailedTests + stats.unexpected + stats.flaky;
// A step may fail without a failed test: lint, types, coverage, or a test file that does not load.
const failed = failedTests > 0 ? failedTests : failedSteps.length;
print(failedSteps.length > 0 ? `\nFailed: ${failedSteps.join(", ")}` : "");
print(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || failedSteps.length > 0 ? 1 : 0);
