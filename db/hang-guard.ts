import type postgres from "postgres";
import type { Host } from "./address/read-hosts";
import { connectTo } from "./sockets";

/** An answer that takes longer makes us ask whether anybody is there at all. */
const SILENCE_MS = 500;
/** How long that question may take. With the silence before it this stays below the 2 s within which a request has to be told. */
const PROBE_MS = 1_000;

/** `SSLRequest` of PostgreSQL's protocol: every server and every pooler answers it with one byte, before anybody signs in. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

type Client = postgres.Sql<{ bigint: number }>;

/**
 * Watches a pool's statements. postgres.js waits as long as it takes, and a slow statement cannot be told from a database that hangs: so when one stays unanswered, the
 * server itself is asked for a sign of life on a connection of its own. Without one `onHang` is called, once. Costs nothing while answers come.
 */
export function guardAgainstHanging(sql: Client, hosts: readonly Host[], onHang: () => void): Client {
  const waiting = new Map<object, number>();
  let isLooking = false;

  async function look(): Promise<void> {
    const [oldest] = waiting.values();
    if (oldest === undefined) {
      isLooking = false;
      return;
    }
    const silent = performance.now() - oldest;
    if (silent >= SILENCE_MS && !(await anybodyAnswers(hosts))) return onHang();
    setTimeout(look, silent >= SILENCE_MS ? SILENCE_MS : SILENCE_MS - silent).unref();
  }

  function hold(work: PromiseLike<unknown>): void {
    waiting.set(work, performance.now());
    const settled = () => waiting.delete(work);
    // postgres.js sends a statement when somebody calls its own `then`; this one only listens.
    Promise.prototype.then.call(work, settled, settled);
    if (isLooking) return;
    isLooking = true;
    setTimeout(look, SILENCE_MS).unref();
  }

  /** A statement waits from when it is sent; a fragment of one never is, and a cursor is open as long as somebody reads on. */
  function watch<T>(made: T): T {
    const query = made as { handle?: () => unknown; cursorFn?: unknown } & PromiseLike<unknown>;
    if (!(made instanceof Promise) || typeof query.handle !== "function") return made;
    const send = query.handle;
    query.handle = () => {
      query.handle = send;
      if (query.cursorFn === undefined) hold(query);
      return send.call(query);
    };
    return made;
  }

  const unsafe: Client["unsafe"] = (...given) => watch(sql.unsafe(...given));
  const begin = (...given: Parameters<Client["begin"]>) => {
    const transaction = sql.begin(...given);
    hold(transaction);
    return transaction;
  };
  return new Proxy(sql, {
    apply: (target, self, given) => watch(Reflect.apply(target, self, given)),
    get: (target, name, receiver) =>
      name === "unsafe" ? unsafe : name === "begin" ? begin : Reflect.get(target, name, receiver),
  });
}

const anybodyAnswers = async (hosts: readonly Host[]): Promise<boolean> =>
  (await Promise.all(hosts.map(answers))).includes(true);

/** False only when nothing comes back: a refusal is an answer too, and the pool learns of it by itself. */
function answers(host: Host): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo(host);
    const end = (isAlive: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isAlive);
    };
    // A process that was busy itself reads what has arrived meanwhile before it believes its own clock.
    const timer = setTimeout(() => setImmediate(() => setImmediate(end, false)), PROBE_MS);
    socket.once("connect", () => socket.write(SSL_REQUEST));
    for (const sign of ["data", "error", "close"]) socket.once(sign, () => end(true));
  });
}
