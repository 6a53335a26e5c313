import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { freePort } from "@/db/embedded/free-port";

/** A running proxy. */
export type ReverseProxy = { close(): Promise<unknown> };

/** Whether a program is installed on this machine. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A certificate for `localhost` that nobody has signed. */
export function makeCertificate(folder: string): { certificate: string; key: string } {
  const files = { certificate: path.join(folder, "certificate.pem"), key: path.join(folder, "key.pem") };
  const what = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
  const names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", files.key, "-out", files.certificate];
  execFileSync("openssl", [...what, ...names], { stdio: "ignore" });
  return files;
}

type Place = { folder: string; port: number; target: number };

/** nginx with deploy/nginx.conf, of which only names, ports and files are others. */
export async function startNginx({ folder, port, target }: Place): Promise<ReverseProxy> {
  const { certificate, key } = makeCertificate(folder);
  const plainPort = await freePort();
  const site = readFileSync("deploy/nginx.conf", "utf8")
    .replaceAll("127.0.0.1:3000", `127.0.0.1:${target}`)
    .replaceAll("monitor.example.com", "localhost")
    .replace(/^ {2}listen \[::\].*\n/gm, "")
    .replace("listen 80;", `listen 127.0.0.1:${plainPort};`)
    .replace("listen 443 ", `listen 127.0.0.1:${port} `)
    .replace(/\S+\/fullchain\.pem/, certificate)
    .replace(/\S+\/privkey\.pem/, key)
    .replace(/\/var\/cache\/nginx\S*/, path.join(folder, "cache"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${path.join(folder, name)};`,
  );
  const file = path.join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; pid ${path.join(folder, "nginx.pid")}; error_log stderr; ${process.getuid?.() === 0 ? "user root;" : ""}
    events {} http { include /etc/nginx/mime.types; access_log off; ${temporary.join(" ")} ${site} }`,
  );
  return run("nginx", ["-c", file, "-p", folder], port);
}

/** Caddy with deploy/Caddyfile, of which only names, ports and the certificate are others. */
export async function startCaddy({ folder, port, target }: Place): Promise<ReverseProxy> {
  const { certificate, key } = makeCertificate(folder);
  const site = readFileSync("deploy/Caddyfile", "utf8")
    .replace("127.0.0.1:3000", `127.0.0.1:${target}`)
    .replace(/^monitor\.example\.com \{$/m, `https://localhost:${port} {\n\ttls ${certificate} ${key}`);
  const file = path.join(folder, "Caddyfile");
  writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
  const home = path.join(folder, "home");
  mkdirSync(home);
  return run("caddy", ["run", "--config", file, "--adapter", "caddyfile"], port, { HOME: home, XDG_DATA_HOME: home });
}

/** The plainest proxy there is; `host`: what it writes in the place of the host that was asked for. */
export async function startPlainProxy({ port, target }: Omit<Place, "folder">, host?: string): Promise<ReverseProxy> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, ...(host !== undefined && { host }) };
    const { method, url: address } = incoming;
    const upstream = forward({ host: "127.0.0.1", port: target, method, path: address, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.once("error", () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

async function run(program: string, args: string[], port: number, variables: Record<string, string> = {}) {
  // biome-ignore lint/style/noProcessEnv: the program gets what we have and a little more
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...variables } });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  await untilListening(child, port, () => said);
  return {
    close: async () => {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function untilListening(child: ChildProcess, port: number, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended: ${said()}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
