import type { CSSProperties } from "react";
import type { HeatCell } from "@/lib/usage/read/read-heatmap";

type HeatmapProps = {
  cells: HeatCell[];
  label: string;
  /** Monday to Sunday. */
  weekdays: string[];
  hourLabel: (hour: number) => string;
  valueText: (value: number) => string;
};

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Hours of the week as a real table: the ground shows how much, the text says it. */
export function Heatmap({ cells, label, weekdays, hourLabel, valueText }: HeatmapProps) {
  const values = new Map(cells.map((cell) => [`${cell.weekday}-${cell.hour}`, cell.value]));
  const highest = Math.max(0, ...cells.map((cell) => cell.value));
  const cell = (name: string, index: number, hour: number) => {
    const value = values.get(`${index + 1}-${hour}`) ?? 0;
    const text = valueText(value);
    const heat = value > 0 ? ({ "--heat": heatOf(value / highest) } as CSSProperties) : undefined;
    return (
      <td key={hour} title={`${name} ${hourLabel(hour)}: ${text}`} style={heat}>
        {text}
      </td>
    );
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, a section would be a landmark
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="relative overflow-x-auto"
    >
      <table className="heat w-full min-w-xl table-fixed border-separate border-spacing-0.5 text-xs">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="text-muted">
            <td className="w-9" />
            {HOURS.map((hour) => (
              <th key={hour} scope="col" className="text-left font-normal">
                <span className={hour % 3 === 0 ? "" : "sr-only"}>{hourLabel(hour)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weekdays.map((name, index) => (
            <tr key={name}>
              <th scope="row" className="pr-2 text-left font-normal text-muted">
                {name}
              </th>
              {HOURS.map((hour) => cell(name, index, hour))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Percent of the full colour. Small shares still stand out from nothing. */
const heatOf = (share: number): number => Math.round(12 + 88 * Math.sqrt(share));
