import { ChevronDown } from "lucide-react";
import { Dropdown } from "@/components/shell/dropdown";
import { Checkbox } from "@/components/ui/checkbox";

export type Choice = { value: string; label: string };

type MultiChoiceProps = { name: string; label: string; summary: string; choices: Choice[]; chosen: string[] };

/** Several of many, as boxes to tick behind a button; part of the form around it. */
export function MultiChoice({ name, label, summary, choices, chosen }: MultiChoiceProps) {
  return (
    <Dropdown
      label={`${label}: ${summary}`}
      className="relative"
      summaryClass="flex min-h-10 items-center gap-2 rounded-lg border border-line-strong bg-surface px-3 text-sm"
      summary={
        <>
          {label}
          <span className="text-muted">{summary}</span>
          <ChevronDown aria-hidden="true" className="size-4 text-muted" />
        </>
      }
    >
      <fieldset className="absolute top-full left-0 z-20 mt-2 max-h-72 w-72 max-w-[80vw] overflow-y-auto rounded-xl border border-line bg-surface p-3 shadow-lg">
        <legend className="sr-only">{label}</legend>
        {choices.map((choice) => (
          <Checkbox
            key={choice.value}
            name={name}
            value={choice.value}
            label={<span className="wrap-anywhere">{choice.label}</span>}
            defaultChecked={chosen.includes(choice.value)}
          />
        ))}
      </fieldset>
    </Dropdown>
  );
}
