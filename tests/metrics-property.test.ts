import fc from "fast-check";
import { expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/access/viewer";
import { deleteOldUsage } from "@/lib/jobs/delete-old-usage";
import { bookDay, type Entry } from "./support/ledger";
import { scrape } from "./support/scrape";
import { plantKey } from "./support/usage";
import { createPerson } from "./support/world";

const MODELS = [null, "openai/gpt-5", "deepseek/deepseek-chat"];
const DAYS = ["2025-01-30", "2025-01-31", "2025-02-01", "2025-02-02", "2025-02-28", "2025-03-01", "2025-03-02"];

const COUNTERS = [
  { name: "requests", scale: 1, read: (entry: Entry) => entry.requests },
  { name: "cost_usd", scale: 1000, read: (entry: Entry) => entry.milliUsd },
];
type Counter = (typeof COUNTERS)[number];

const sumOf = (counter: Counter, entries: Entry[]) =>
  entries.reduce((sum, entry) => sum + (counter.read(entry) ?? 0), 0);
const monthOf = (day: string) => day.slice(0, 7);
const pick = <T>(items: T[], index: number): T | undefined => items[index % Math.max(1, items.length)];

/**
 * All that was ever spent, also what retention has deleted, and the greatest total of each month that a scrape was
 * given.
 */
class Ledger {
  entries: Entry[] = [];
  /** The first day that retention has left. */
  keptFrom = "2025-01-01";
  private greatest = new Map<string, number>();
  private last = new Map<string, Map<string, number>>();

  constructor(
    readonly viewer: Viewer,
    public keys: number[],
  ) {}

  kept = () => this.entries.filter(({ day }) => day >= this.keptFrom);

  book = (day: string) =>
    bookDay(
      this.viewer,
      this.keys,
      day,
      this.entries.filter((entry) => entry.day === day),
    );

  /** Scrapes, and answers whether the counters are exactly what was spent. */
  async compare(): Promise<boolean> {
    let isExact = true;
    for (const counter of COUNTERS) {
      let sum = 0;
      for (const month of new Set(DAYS.map(monthOf))) {
        const total = sumOf(
          counter,
          this.entries.filter(({ day }) => monthOf(day) === month),
        );
        const greatest = Math.max(total, this.greatest.get(counter.name + month) ?? 0);
        this.greatest.set(counter.name + month, greatest);
        isExact &&= greatest === total;
        sum += greatest;
      }
      const scraped = await scrape(this.viewer, counter.name, counter.scale);
      expect(scraped.sum, counter.name).toBe(sum);
      for (const [labels, value] of this.last.get(counter.name) ?? [])
        expect(scraped.series.get(labels) ?? value, `${counter.name}${labels}`).toBeGreaterThanOrEqual(value);
      this.last.set(counter.name, scraped.series);
      if (isExact) expect(withoutRestarts(scraped.series), counter.name).toEqual(this.series(counter));
    }
    return isExact;
  }

  private series(counter: Counter): Record<string, number> {
    const known = this.entries.filter((entry) => counter.read(entry) !== null);
    const names = new Set(known.map(nameOf));
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        sumOf(
          counter,
          known.filter((entry) => nameOf(entry) === name),
        ),
      ]),
    );
  }

  /** Deletes a key of which nothing is exposed but what it spent. */
  async deleteKey(index: number): Promise<void> {
    const id = pick(this.keys, index);
    if (id === undefined || this.keys.length < 2 || !(await this.compare())) return;
    await sql()`delete from api_keys where id = ${id}`;
    this.keys = this.keys.filter((key) => key !== id);
    this.entries = this.entries.filter(({ apiKeyId }) => apiKeyId !== id);
    for (const counter of COUNTERS) {
      for (const month of new Set(DAYS.map(monthOf)))
        this.greatest.set(
          counter.name + month,
          sumOf(
            counter,
            this.entries.filter(({ day }) => monthOf(day) === month),
          ),
        );
    }
  }
}

const nameOf = ({ apiKeyId, model }: Entry) => `${apiKeyId} ${model ?? ""}`;

function withoutRestarts(series: Map<string, number>): Record<string, number> {
  const named = [...series].map(([text, value]): [string, number] => {
    const labels = JSON.parse(text) as Record<string, string>;
    return [`${labels.api_key_id} ${labels.model}`, value];
  });
  return Object.fromEntries(named);
}

type Step = (ledger: Ledger) => Promise<unknown>;

const index = fc.nat({ max: 50 });
const model = fc.constantFrom(...MODELS);
const requests = fc.option(fc.nat({ max: 9 }));
const milliUsd = fc.integer({ min: -2, max: 20 });

const spend = fc.record({ index, day: fc.constantFrom(...DAYS), model, requests, milliUsd }).map(
  ({ index, day, ...rest }): Step =>
    async (ledger) => {
      const apiKeyId = pick(ledger.keys, index);
      if (apiKeyId === undefined || day < ledger.keptFrom) return;
      ledger.entries.push({ day, apiKeyId, ...rest });
      await ledger.book(day);
    },
);
const change = (made: fc.Arbitrary<(entry: Entry, ledger: Ledger) => Partial<Entry>>) =>
  fc.record({ index, made }).map(
    ({ index, made }): Step =>
      async (ledger) => {
        const entry = pick(ledger.kept(), index);
        if (!entry) return;
        Object.assign(entry, made(entry, ledger));
        await ledger.book(entry.day);
      },
  );
const correct = change(fc.record({ requests, milliUsd }).map((figures) => () => figures));
const move = change(
  fc.record({ index, model }).map(({ index, model }) => (entry, ledger) => ({
    model,
    apiKeyId: pick(ledger.keys, index) ?? entry.apiKeyId,
  })),
);
const retain = fc.constantFrom(...DAYS.slice(0, 5)).map(
  (day): Step =>
    async (ledger) => {
      if (day > ledger.keptFrom) ledger.keptFrom = day;
      await deleteOldUsage(ledger.keptFrom);
    },
);
const readAgain = fc.record({ day: fc.constantFrom(...DAYS.slice(0, 4)), isDeletedAgain: fc.boolean() }).map(
  ({ day, isDeletedAgain }): Step =>
    async (ledger) => {
      await ledger.book(day);
      if (isDeletedAgain) await deleteOldUsage(ledger.keptFrom);
    },
);
const look = fc.constant<Step>((ledger) => ledger.compare());
const deleteKey = index.map(
  (index): Step =>
    (ledger) =>
      ledger.deleteKey(index),
);

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: spend },
    { weight: 3, arbitrary: correct },
    { weight: 5, arbitrary: move },
    { weight: 2, arbitrary: retain },
    { weight: 3, arbitrary: readAgain },
    { weight: 6, arbitrary: look },
    { weight: 1, arbitrary: deleteKey },
  ),
  { minLength: 5, maxLength: 40 },
);

test("each counter's series add up to what was spent, whatever moved, was corrected or deleted, and no series falls", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const { viewer } = await createPerson();
      const keys = [await plantKey(viewer, "A"), await plantKey(viewer, "B"), await plantKey(viewer, "C")];
      const ledger = new Ledger(viewer, keys);
      for (const step of sequence) await step(ledger);
      await ledger.compare();
    }),
    { numRuns: 60 },
  );
}, 120_000);
