import type { ReactNode } from "react";
import type { ActionState } from "@/lib/action";
import { errorOf, Field } from "./field";

type NameFieldProps = {
  /** The form's state: what was typed before it was refused, and why. */
  of: Pick<ActionState, "errors" | "values">;
  label: ReactNode;
  hint?: ReactNode;
  defaultValue?: string;
  maxLength?: number;
};

/** The name that a person gives to a key, a token, a view. */
export function NameField({ of: { errors, values }, label, hint, defaultValue, maxLength = 100 }: NameFieldProps) {
  return (
    <Field
      name="name"
      label={label}
      hint={hint}
      required
      maxLength={maxLength}
      autoComplete="off"
      defaultValue={values?.name ?? defaultValue}
      error={errorOf(errors, "name")}
    />
  );
}
