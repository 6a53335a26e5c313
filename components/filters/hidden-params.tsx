import type { SearchParams } from "@/lib/base/query-string";

/** The parts of an address that a form leaves as they are. */
export function HiddenParams({ params, except }: { params: SearchParams; except: string[] }) {
  return Object.entries(params)
    .filter(([name]) => !except.includes(name))
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => ({ name, one })))
    .map(({ name, one }) => <input key={`${name}=${one}`} type="hidden" name={name} value={one} />);
}
