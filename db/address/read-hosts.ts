import { existsSync } from "node:fs";
import { refuse } from "./refuse";

/** Where a server listens: a Unix socket, or a port. `name` is what its certificate is held against. */
export type Host = { path: string } | { host: string; port: number; name: string };

const DEFAULT_PORT = "5432";

/** Where packages of PostgreSQL put their socket. */
const SOCKET_FOLDERS = ["/var/run/postgresql", "/tmp"];

/** The servers to try, in this order. `host`, `hostaddr` and `port` are lists with commas; one port counts for all. */
export function readHosts(parameters: ReadonlyMap<string, string>): Host[] {
  const names = (parameters.get("host") ?? "").split(",");
  const addresses = parameters.get("hostaddr")?.split(",") ?? [];
  const ports = (parameters.get("port") ?? DEFAULT_PORT).split(",");
  const count = Math.max(names.length, addresses.length);
  for (const list of [names, addresses, ports])
    if (list.length > 1 && list.length !== count)
      throw refuse(`it names ${count} hosts, and another number of addresses or ports`);
  return Array.from({ length: count }, (_, index) =>
    hostOf(names[index] ?? "", addresses[index], (ports.length > 1 ? ports[index] : ports[0]) || DEFAULT_PORT),
  );
}

function hostOf(name: string, address: string | undefined, portText: string): Host {
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65_535)
    throw refuse("a port is no number from 1 to 65535 (in a password, / is written %2F, : %3A and @ %40)");
  if (!address && name.startsWith("/")) return { path: socketIn(name, port) };
  if (!address && name === "") {
    const path = SOCKET_FOLDERS.map((folder) => socketIn(folder, port)).find((file) => existsSync(file));
    return path ? { path } : { host: "localhost", port, name: "localhost" };
  }
  return { host: address || name, port, name: name || address || "" };
}

const socketIn = (folder: string, port: number): string => `${folder.replace(/\/$/, "")}/.s.PGSQL.${port}`;
