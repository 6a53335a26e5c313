/** A seeded source of randomness: the same label gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal deviate. */
  normal(): number;
  /** Number of events when `mean` are expected. */
  poisson(mean: number): number;
  /** One of the items, each as likely as its weight. Throws RangeError on an empty list. */
  weighted<Item extends { weight: number }>(items: readonly Item[]): Item;
}

/** Spreads a text over four 32-bit words, so that neighbouring labels start far apart. */
function seedWords(label: string): [number, number, number, number] {
  const words: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
  for (let index = 0; index < label.length; index += 1) {
    const code = label.charCodeAt(index);
    words[0] = Math.imul(words[0] ^ code, 0x01000193);
    words[1] = Math.imul(words[1] ^ words[0], 0x85ebca6b);
    words[2] = (words[2] + Math.imul(words[1], 0xc2b2ae35)) | 0;
    words[3] = words[3] ^ (words[2] >>> 13) ^ Math.imul(words[0], 0x27d4eb2f);
  }
  return words;
}

/** A generator of the xorshift128 family, started from a label such as `"7/traffic/prod-web/20770"`. */
export function createRandom(label: string): Random {
  let [a, b, c, d] = seedWords(label);
  const next = () => {
    let mixed = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    mixed ^= mixed >>> 8;
    d = d ^ (d >>> 19) ^ mixed;
    return (d >>> 0) / 4_294_967_296;
  };
  for (let warmUp = 0; warmUp < 8; warmUp += 1) next();

  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  const poisson = (mean: number) => {
    if (mean <= 0) return 0;
    if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const floor = Math.exp(-mean);
    let count = 0;
    for (let product = next(); product > floor; product *= next()) count += 1;
    return count;
  };

  const weighted = <Item extends { weight: number }>(items: readonly Item[]) => {
    let rest = next() * items.reduce((sum, item) => sum + item.weight, 0);
    for (const item of items) {
      rest -= item.weight;
      if (rest < 0) return item;
    }
    const last = items.at(-1);
    if (!last) throw new RangeError("Nothing to choose from");
    return last;
  };

  return { next, integer: (below) => Math.floor(next() * below), normal, poisson, weighted };
}
