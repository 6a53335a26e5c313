import type { ComponentProps, ReactNode } from "react";
import { FieldFrame, inputLook, useFieldId, wiring } from "./field";

export type Option = { value: string; label: string };

type SelectProps = Omit<ComponentProps<"select">, "className"> & {
  label: ReactNode;
  options: Option[];
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
};

/** A labelled choice of one. */
export function SelectField({ label, options, hint, error, className = "", ...select }: SelectProps) {
  const id = useFieldId(select.id);
  return (
    <FieldFrame {...{ id, label, hint, error, className }}>
      <select {...select} {...wiring(id, hint, error)} className={`${inputLook} pr-8`}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}
