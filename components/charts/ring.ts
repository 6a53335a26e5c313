/** Drawing units from the centre: the ring is as wide as a quarter of its radius. */
export const OUTER = 88;
const INNER = OUTER * 0.75;

const at = (radius: number, share: number): string => {
  const angle = share * 2 * Math.PI;
  return `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
};

/** One SVG path per value: its part of a ring around 0,0, clockwise from the top. A value of 0 has an empty one. */
export function ringPaths(values: number[]): string[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  let from = 0;
  return values.map((value) => {
    if (value <= 0) return "";
    // An arc that ends where it begins is none.
    const share = Math.min(value / total, 0.9999);
    const to = from + share;
    const large = share > 0.5 ? 1 : 0;
    const path = `M${at(OUTER, from)}A${OUTER} ${OUTER} 0 ${large} 1 ${at(OUTER, to)}L${at(INNER, to)}A${INNER} ${INNER} 0 ${large} 0 ${at(INNER, from)}z`;
    from = to;
    return path;
  });
}
