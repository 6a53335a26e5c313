import { refuse } from "./refuse";

/** `name = value` or `name = 'a value'`; a backslash stands before a quote or a backslash. */
const PAIR = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^'\s\\]|\\.)*))(?=\s|$)/gsy;

/** The parameters of libpq's other form, `host=… dbname=…`. */
export function splitKeyValues(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  let end = 0;
  for (const pair of text.trim().matchAll(PAIR)) {
    const [whole, name = "", quoted, plain = ""] = pair;
    parameters.set(name, (quoted ?? plain).replace(/\\(.)/gs, "$1"));
    end = pair.index + whole.length;
  }
  if (end < text.trim().length)
    throw refuse("in host=… dbname=… each name has an = and a value, in '…' where it holds a space");
  return parameters;
}
