const seeds = new Map<string, number>();

/** A 32-bit number of a text, remembered: names of keys, models and providers are few. */
export function seedOf(text: string): number {
  const known = seeds.get(text);
  if (known !== undefined) return known;
  let seed = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) seed = Math.imul(seed ^ text.charCodeAt(index), 0x01000193);
  seeds.set(text, seed);
  return seed;
}

/** A number in [0, 1) that depends on the given whole numbers alone: for what the books imply and nobody wrote down. */
export function chanceOf(...numbers: readonly number[]): number {
  let mixed = 0x9e3779b9;
  for (const number of numbers) {
    mixed = Math.imul(mixed ^ number, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return (mixed >>> 0) / 4_294_967_296;
}
