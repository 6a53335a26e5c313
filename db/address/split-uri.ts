import { refuse } from "./refuse";

/**
 * The parameters of `postgresql://user:password@host:port,…/database?name=value`, under libpq's names. Hosts and ports
 * are lists with commas.
 */
export function splitUri(uri: string): Map<string, string> {
  const [, authority = "", database = "", query = ""] =
    /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(uri) ?? [];
  const parameters = new Map<string, string>();
  const set = (name: string, value: string | undefined) => {
    if (value) parameters.set(name, decode(value));
  };
  // A password may hold an @ that nobody has encoded.
  const at = authority.lastIndexOf("@");
  const [, user, password] = /^([^:]*):?(.*)$/s.exec(authority.slice(0, Math.max(at, 0))) ?? [];
  set("user", user);
  set("password", password);
  const hosts = authority
    .slice(at + 1)
    .split(",")
    .map(splitHost);
  if (hosts.some(({ host }) => host)) set("host", hosts.map(({ host }) => host).join(","));
  if (hosts.some(({ port }) => port)) set("port", hosts.map(({ port }) => port).join(","));
  set("dbname", database);
  for (const pair of query.split("&").filter(Boolean)) {
    const equals = pair.indexOf("=");
    if (equals < 0) throw refuse(`its parameter ${pair} has no value`);
    parameters.set(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
  }
  return parameters;
}

function splitHost(text: string): { host: string; port: string } {
  const [, inBrackets, plain = "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(text) ?? [];
  if (port.includes(":")) throw refuse("an IPv6 address stands in brackets, such as [::1]:5432");
  return { host: inBrackets ?? plain, port };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse("a % in it begins no encoded character: write %25");
  }
}
