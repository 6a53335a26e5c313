/** How a key behaves: how much it asks for, when, and of which models. */
export interface TrafficProfile {
  /** Requests on an ordinary weekday. */
  requestsPerDay: number;
  models: {
    slug: string;
    weight: number /** Share of requests through the user's own provider key. */;
    byokShare?: number;
  }[];
  /** UTC hour of the day with most traffic. */
  peakHour: number;
  /** 0 = flat over the day, 1 = almost nothing at night. */
  rhythm: number;
  /** Traffic on Saturday and Sunday against a weekday. */
  weekend: number;
  promptFactor: number;
  completionFactor: number;
  /** Traffic on the one spike day against an ordinary day. */
  spike?: number;
  /** Share of the history, 0 to 1, in which the key was in use. */
  activeFrom?: number;
  activeUntil?: number;
}

/** An office-hours application with the token counts of plain conversation. */
export function createProfile(
  overrides: Partial<TrafficProfile> & Pick<TrafficProfile, "models" | "requestsPerDay">,
): TrafficProfile {
  return { peakHour: 14, rhythm: 0.8, weekend: 0.45, promptFactor: 1, completionFactor: 1, ...overrides };
}
