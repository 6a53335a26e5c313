const FILLS = ["fill-series-1", "fill-series-2", "fill-series-3", "fill-series-4", "fill-series-5", "fill-series-6"];
const GROUNDS = ["bg-series-1", "bg-series-2", "bg-series-3", "bg-series-4", "bg-series-5", "bg-series-6"];

/** The colour of a series by its place; what is left over is grey. */
export const fillOf = (index: number, isRest = false): string =>
  isRest ? "fill-series-rest" : (FILLS[index] ?? "fill-series-rest");
export const groundOf = (index: number, isRest = false): string =>
  isRest ? "bg-series-rest" : (GROUNDS[index] ?? "bg-series-rest");
