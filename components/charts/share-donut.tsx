import { fillOf } from "./colors";
import { LateDonut } from "./late-donut";
import { OUTER, ringPaths } from "./ring";
import type { Slice } from "./tremor-donut";

type ShareDonutProps = {
  slices: (Slice & { href: string | null; isRest: boolean })[];
  /** What all of it comes to, in words. */
  total: string;
};

const SIDE = 2 * OUTER;

/** The shares as a ring to look at and to press, drawn by the server; the list beside it says the same in words. */
export function ShareDonut({ slices, total }: ShareDonutProps) {
  const paths = ringPaths(slices.map(({ value }) => value));
  return (
    <LateDonut slices={slices.map(({ name, value }) => ({ name, value }))}>
      <svg aria-hidden="true" viewBox={`-${OUTER} -${OUTER} ${SIDE} ${SIDE}`} className="mx-auto h-full">
        {slices.map(({ name, href, isRest }, index) => {
          const part = <path key={name} d={paths[index]} className={`stroke-surface ${fillOf(index, isRest)}`} />;
          if (!href) return part;
          // The list has the same links for the Tab key.
          return (
            <a key={name} href={href} data-slice={name} tabIndex={-1}>
              {part}
            </a>
          );
        })}
        <text textAnchor="middle" dominantBaseline="middle" className="fill-ink">
          {total}
        </text>
      </svg>
    </LateDonut>
  );
}
