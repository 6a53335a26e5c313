/**
 * Money is USD. It travels as PostgreSQL `numeric` text and is summed there; JavaScript only formats it or hands it to JSON.
 * Ten decimals are what an answer shows at most.
 */
export type Money = string;

/** Text that needs no rounding. */
const SHORT = /^-?\d+(\.\d{1,10})?$/;

/** `numeric` text → JSON number with at most 10 decimals, halves rounded away from zero as PostgreSQL does; never −0. Null stays null. */
export function moneyToJson(value: Money): number;
export function moneyToJson(value: Money | null): number | null;
export function moneyToJson(value: Money | null): number | null {
  if (value === null) return null;
  return (SHORT.test(value) ? Number(value) : Number(fromUnits(roundedUnits(toUnits(value))))) || 0;
}

const DECIMAL = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const MOST_DIGITS = 40;

/** Whether a text from outside is a decimal number that `numeric` holds; `1e400000` is one that it does not. */
export const isDecimal = (text: string): boolean =>
  text.length <= MOST_DIGITS && DECIMAL.test(text) && Number.isFinite(Number(text));

/** Decimal digits kept where two texts are subtracted here rather than in PostgreSQL. */
const SCALE = 20;

/** Exact decimal text → whole units of 1e-20. */
function toUnits(value: Money): bigint {
  const [, sign, whole = "", fraction = "", exponent = "0"] = /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(value) ?? [];
  const shift = SCALE + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction || "0");
  const units = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign ? -units : units;
}

/** Units of the eleventh decimal and below, of which half and more make one of the tenth. */
const ROUNDED = 10n ** 10n;

function roundedUnits(units: bigint): bigint {
  const half = units < 0n ? -ROUNDED / 2n : ROUNDED / 2n;
  return ((units + half) / ROUNDED) * ROUNDED;
}

function fromUnits(units: bigint): Money {
  const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, "0");
  const text = `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`.replace(/\.?0+$/, "");
  return units < 0n ? `-${text}` : text;
}

export const addMoney = (a: Money, b: Money): Money => fromUnits(toUnits(a) + toUnits(b));
export const subtractMoney = (a: Money, b: Money): Money => fromUnits(toUnits(a) - toUnits(b));
/** Whether `a` is greater than `b`. */
export const isMore = (a: Money, b: Money): boolean => toUnits(a) > toUnits(b);
