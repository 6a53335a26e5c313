const PLAIN = /^(?!-0*\.?0*$)-?\d+(\.\d+)?$/;
const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/**
 * Writes a number as plain decimal text, digit by digit: without an exponent, which not every reader knows, and zero
 * without a sign. Throws for what is not a number.
 */
export function plainDecimal(value: string | number): string {
  const text = String(value);
  if (PLAIN.test(text)) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (whole + fraction === "") throw new Error(`${text} is not a decimal number`);
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction)
    .padEnd(point, "0")
    .padStart(fraction.length + whole.length - Math.min(point, 0), "0");
  const at = Math.max(point, 0);
  const before = digits.slice(0, at).replace(/^0+(?=\d)/, "") || "0";
  const after = digits.slice(at);
  const plain = after ? `${before}.${after}` : before;
  return sign === "-" && /[1-9]/.test(plain) ? `-${plain}` : plain;
}
