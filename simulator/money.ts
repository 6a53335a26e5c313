/**
 * Money is counted in whole units of 1e-10 USD, so that sums are exact: every list price is a whole number of units
 * per token. Safe integers reach about 900,000 USD.
 */
const DECIMALS = 10;
const UNITS_PER_USD = 10 ** DECIMALS;

/** Units as decimal USD text without trailing zeros: 53340000 → "0.005334". */
export function unitsToText(units: number | bigint): string {
  const whole = BigInt(units);
  const sign = whole < 0n ? "-" : "";
  const digits = (whole < 0n ? -whole : whole).toString().padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -DECIMALS)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Units as the JSON number whose shortest decimal text is exactly the amount (holds below 100,000 USD). */
export function unitsToNumber(units: number): number {
  return Number(unitsToText(units));
}

/** Decimal USD text to units. Throws RangeError on anything finer than 1e-10 USD or not a plain decimal. */
export function textToUnits(text: string): number {
  const match = /^(-?)(\d+)(?:\.(\d{1,10})0*)?$/.exec(text);
  if (!match) throw new RangeError(`Not an amount in USD with at most ${DECIMALS} decimals: ${text}`);
  const [, sign, whole, fraction = ""] = match;
  return safeUnits(Number(BigInt(`${sign}${whole}${fraction.padEnd(DECIMALS, "0")}`)));
}

/** USD per million tokens to units per token. Throws RangeError when that is not a whole number. */
export function perMillion(usd: number): number {
  const units = Math.round((usd * UNITS_PER_USD) / 1_000_000);
  if (Math.abs(units - usd * 10_000) > 1e-6) throw new RangeError(`Price is finer than 1e-10 USD per token: ${usd}`);
  return units;
}

/** Refuses a sum that a JavaScript number can no longer hold exactly. */
export function safeUnits(units: number): number {
  if (!Number.isSafeInteger(units)) throw new RangeError(`Amount is beyond exact arithmetic: ${units} units`);
  return units;
}
