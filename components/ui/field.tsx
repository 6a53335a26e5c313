import { type ComponentProps, type ReactNode, useId } from "react";
import type { FieldError } from "@/lib/base/errors";

export const inputLook =
  "block w-full min-h-10 rounded-lg border border-line-strong bg-surface px-3 text-base sm:text-sm text-ink placeholder:text-muted aria-invalid:border-danger disabled:opacity-60";

type Shared = {
  label: ReactNode;
  /** Always visible below the input: what is expected. */
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
};

type FieldProps = Shared & Omit<ComponentProps<"input">, "className">;

/** Label, input, hint and error, wired for assistive technology. */
export function Field({ label, hint, error, className = "", ...input }: FieldProps) {
  const id = useFieldId(input.id);
  return (
    <FieldFrame {...{ id, label, hint, error, className }}>
      <input {...input} {...wiring(id, hint, error)} className={inputLook} />
    </FieldFrame>
  );
}

type TextAreaProps = Shared & Omit<ComponentProps<"textarea">, "className">;

export function TextAreaField({ label, hint, error, className = "", ...input }: TextAreaProps) {
  const id = useFieldId(input.id);
  return (
    <FieldFrame {...{ id, label, hint, error, className }}>
      <textarea rows={2} {...input} {...wiring(id, hint, error)} className={`${inputLook} py-2`} />
    </FieldFrame>
  );
}

export function FieldFrame({
  id,
  label,
  hint,
  error,
  className,
  children,
}: Shared & { id: string; children: ReactNode }) {
  return (
    <div className={`flex flex-col gap-1.5 ${className ?? ""}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm font-medium text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

export function useFieldId(given?: string): string {
  const generated = useId();
  return given ?? generated;
}

/** The attributes that tie an input to its label, hint and error. */
export function wiring(id: string, hint: ReactNode, error: string | undefined) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return { id, "aria-invalid": error ? true : undefined, "aria-describedby": described || undefined };
}

/** The message for one field of a form that was refused. */
export const errorOf = (errors: FieldError[] | undefined, field: string): string | undefined =>
  errors?.find((error) => error.field === field)?.message;
