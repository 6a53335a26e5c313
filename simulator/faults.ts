/** The ways in which the simulator misbehaves when asked to. */
export const faultKinds = [
  "status401",
  "status402",
  "status403",
  "status429",
  "status500",
  "html502",
  "hang",
  "drop",
  "slow",
  "truncated-json",
  "string-numbers",
  "missing-fields",
  "bad-row",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultMatch {
  method?: string;
  /** Path below `/api/v1`, exactly, or its beginning when it ends in `*`: `/keys*`. */
  path?: string;
  /** Hash of the credential that calls. */
  keyHash?: string;
  /** Text that the body holds, such as the key hash that an analytics query filters by. */
  bodyIncludes?: string;
}

export interface Fault {
  match?: FaultMatch;
  kind: FaultKind;
  /** How many calls it hits. Default: all until it is removed. */
  times?: number;
  /** How many matching calls pass unharmed first. Default 0. */
  after?: number;
  /** `status429`, `status402`: the Retry-After header. Default 1 for 429, none for 402. */
  retryAfterSeconds?: number;
  /** Refusals: the error's text instead of the usual one. */
  message?: string;
  /** `slow`: how much later the right answer comes. Default 1000. */
  delayMs?: number;
  /** `missing-fields`: names taken out anywhere in the answer. Default: the spend and count fields. */
  fields?: string[];
}

export interface FaultSubject {
  method: string;
  path: string;
  keyHash: string | null;
  body: string;
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== subject.method) return false;
  if (match.keyHash !== undefined && match.keyHash !== subject.keyHash) return false;
  if (match.bodyIncludes !== undefined && !subject.body.includes(match.bodyIncludes)) return false;
  if (match.path === undefined) return true;
  return match.path.endsWith("*") ? subject.path.startsWith(match.path.slice(0, -1)) : subject.path === match.path;
}

/** The faults that are armed; the oldest that fits a call hits it. */
export function createFaults() {
  const armed: { id: number; fault: Fault; left: number; skip: number }[] = [];
  let nextId = 1;

  const remove = (id: number) => {
    const index = armed.findIndex((entry) => entry.id === id);
    if (index !== -1) armed.splice(index, 1);
  };

  return {
    /** Arms a fault and returns how to take it back. */
    add(fault: Fault): { id: number; remove(): void } {
      const id = nextId++;
      armed.push({ id, fault, left: fault.times ?? Number.POSITIVE_INFINITY, skip: fault.after ?? 0 });
      return { id, remove: () => remove(id) };
    },
    clear: () => void armed.splice(0),
    list: () => armed.map(({ id, fault }) => ({ id, ...fault })),
    /** The fault that hits this call, used up by one; undefined when the call is to go well. */
    take(subject: FaultSubject): Fault | undefined {
      for (const entry of armed) {
        if (!matches(entry.fault.match ?? {}, subject)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) remove(entry.id);
        return entry.fault;
      }
      return undefined;
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;
