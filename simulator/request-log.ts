/** One call to the API, for tests that count them. */
export interface LoggedRequest {
  method: string;
  /** Below `/api/v1`, without query. */
  path: string;
  query: string;
  /** Hash of the credential; null without one. */
  keyHash: string | null;
  body: unknown;
  /** The world's time of arrival. */
  at: Date;
  /** null until answered, and for ever when the call hangs or is dropped. */
  status: number | null;
}

const CAPACITY = 50_000;

/** The calls in the order of arrival; the oldest half is forgotten when there are too many. */
export function createRequestLog() {
  const entries: LoggedRequest[] = [];
  return {
    entries,
    add(entry: LoggedRequest) {
      if (entries.length >= CAPACITY) entries.splice(0, CAPACITY / 2);
      entries.push(entry);
    },
    clear: () => void entries.splice(0),
  };
}

export type RequestLog = ReturnType<typeof createRequestLog>;
