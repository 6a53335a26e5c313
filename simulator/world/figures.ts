import { addDetails, type Details, detailsOf, noDetails } from "./details";
import { addCounts, type Cell, type Counts, noCounts } from "./ledger";
import { partsOf } from "./parts";
import { addSpeed, noSpeed, type Speed } from "./speed";
import type { Traits } from "./traits";

/** Everything that is told of some traffic; details and speed only where they are wanted. */
export interface Figures {
  counts: Counts;
  details: Details | null;
  speed: Speed | null;
}

/** What of a cell has to be worked out; each costs time that a plain question need not spend. */
export interface Wanted {
  traits: boolean;
  details: boolean;
  speed: boolean;
}

export const noFigures = ({ details, speed }: Wanted): Figures => ({
  counts: noCounts(),
  details: details ? noDetails() : null,
  speed: speed ? noSpeed() : null,
});

/** Takes a portion of a cell: its traits (null = the whole cell), counts and details. */
export type TakePortion = (traits: Traits | null, counts: Counts, details: Details | null) => void;

/** Hands over a cell whole, or its parts where traits are wanted. */
export function takePortions(cell: Cell, wanted: Wanted, take: TakePortion): void {
  const details = wanted.details ? detailsOf(cell) : null;
  if (!wanted.traits) take(null, cell, details);
  else for (const part of partsOf(cell, details)) take(part.traits, part.counts, part.details);
}

/** Adds a portion of a cell in place. */
export function addFigures(into: Figures, cell: Cell, counts: Counts, details: Details | null): void {
  addCounts(into.counts, counts);
  if (into.details && details) addDetails(into.details, details);
  if (into.speed) addSpeed(into.speed, cell, counts.requests);
}
