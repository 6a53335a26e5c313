import "server-only";
import { AppError } from "./errors";

export type Release = () => void;

type Options = {
  /** What there is of it in this process, and how much of that one team holds at most, whatever its unit. */
  total: number;
  perTeam: number;
  /** Of one team; the next one is told to come again at once. */
  mostWaiting?: number;
  /** So long one waits before it is told to come again; for ever without. */
  waitMs?: number;
  detail?: string;
};
type Waiting = { teamId: number; amount: number; start: Release };

/**
 * Something of this process that teams share: bytes of memory, connections to the database, places to work. Whose team holds least is next, so
 * that a team that asks for much waits for itself and not others for it.
 */
class FairShare {
  private readonly held = new Map<number, number>();
  private waiting: Waiting[] = [];

  constructor(private readonly options: Options) {}

  /** Waits for so much of it and answers how to give it back. 503 when too many of the team wait, or for too long; throws the signal's reason. */
  async take(teamId: number, amount = 1, signal?: AbortSignal): Promise<Release> {
    signal?.throwIfAborted();
    const fitting = Math.min(amount, this.options.perTeam);
    await this.turn(teamId, fitting, signal);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.hold(teamId, -fitting);
      this.admit();
    };
  }

  /** Holds it while `work` goes on. */
  async during<T>(teamId: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.take(teamId, 1, signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  private turn(teamId: number, amount: number, signal: AbortSignal | undefined): Promise<void> {
    const { mostWaiting = Number.POSITIVE_INFINITY, waitMs } = this.options;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (end: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.waiting = this.waiting.filter((other) => other !== entry);
        end();
      };
      const onAbort = () => giveUp(signal?.reason);
      const giveUp = (error: unknown) => {
        settle(() => reject(error));
        this.admit();
      };
      const entry: Waiting = { teamId, amount, start: () => settle(resolve) };
      this.waiting.push(entry);
      this.admit();
      if (!this.waiting.includes(entry)) return;
      if (this.waiting.filter((other) => other.teamId === teamId).length > mostWaiting) return giveUp(this.busy());
      signal?.addEventListener("abort", onAbort, { once: true });
      if (waitMs !== undefined) timer = setTimeout(() => giveUp(this.busy()), waitMs);
    });
  }

  private busy(): AppError {
    const detail = this.options.detail ?? "Too much is going on at once; please try again";
    return new AppError("unavailable", detail, { retryAfterSeconds: 5 });
  }

  private of = (teamId: number): number => this.held.get(teamId) ?? 0;

  private hold(teamId: number, amount: number): void {
    const now = this.of(teamId) + amount;
    if (now === 0) this.held.delete(teamId);
    else this.held.set(teamId, now);
  }

  /** Nobody slips past whoever is next: what is large would otherwise wait for ever. */
  private admit(): void {
    for (let next = this.next(); next; next = this.next()) {
      this.hold(next.teamId, next.amount);
      next.start();
    }
  }

  private next(): Waiting | undefined {
    const { total, perTeam } = this.options;
    const [first] = this.waiting
      .filter(({ teamId, amount }) => this.of(teamId) + amount <= perTeam)
      .sort((a, b) => this.of(a.teamId) - this.of(b.teamId));
    const sum = [...this.held.values()].reduce((all, some) => all + some, 0);
    return first && sum + first.amount <= total ? first : undefined;
  }
}

/** Next bundles a module several times; what a process shares must exist once in it. */
const holder = globalThis as typeof globalThis & { __fairShares?: Map<string, FairShare> };

/** The process's share of this name, made when first asked for. */
export function fairShare(name: string, options: () => Options): FairShare {
  holder.__fairShares ??= new Map();
  const known = holder.__fairShares.get(name);
  if (known) return known;
  const made = new FairShare(options());
  holder.__fairShares.set(name, made);
  return made;
}
