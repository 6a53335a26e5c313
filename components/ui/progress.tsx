type ProgressProps = {
  label: string;
  value: number | null;
  max?: number;
  tone?: "accent" | "success" | "warning" | "danger";
};

const TONES = { accent: "bg-accent", success: "bg-success", warning: "bg-warning", danger: "bg-danger" } as const;

/** How far something is; `value` null = under way, nobody knows how far. */
export function Progress({ label, value, max = 100, tone = "accent" }: ProgressProps) {
  const share = value === null ? null : Math.min(100, Math.max(0, (value / (max || 1)) * 100));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value ?? undefined}
      className="h-2 w-full overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={`h-full rounded-full transition-[width] ${TONES[tone]} ${share === null ? "w-1/3 animate-pulse" : ""}`}
        style={share === null ? undefined : { width: `${share}%` }}
      />
    </div>
  );
}
