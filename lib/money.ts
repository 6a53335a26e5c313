/**
 * Money is USD. It travels as PostgreSQL `numeric` text and is summed there; JavaScript only formats it or hands it to JSON.
 * Ten decimals are what an answer shows at most.
 */
export type Money = string;

/** `numeric` text → JSON number with at most 10 decimals; null stays null. */
export function moneyToJson(value: Money): number;
export function moneyToJson(value: Money | null): number | null;
export function moneyToJson(value: Money | null): number | null {
  return value === null ? null : Number(Number(value).toFixed(10));
}

/** A JSON number from OpenRouter → exact decimal text, as short as the number was written. */
export function moneyFromJson(value: number): Money {
  return String(value);
}
