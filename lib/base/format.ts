/**
 * The one place that turns figures into text. Works in the browser and on the server alike.
 * Money is USD; null means "not reported" and is shown as a dash, never as zero.
 */
export const ABSENT = "–";

type Figure = number | null | undefined;
type Instant = string | Date | null | undefined;

export type Formatter = ReturnType<typeof makeFormatter>;

/** Making one of Intl's formats takes longer than a thousand uses of it, so they are kept; not without end, for timezones are many. */
function kept<Options, Format>(make: (locale: string, options: Options) => Format) {
  const formats = new Map<string, Format>();
  return (locale: string, options: Options): Format => {
    const key = locale + JSON.stringify(options);
    const known = formats.get(key);
    if (known) return known;
    if (formats.size >= 500) formats.clear();
    const format = make(locale, options);
    formats.set(key, format);
    return format;
  };
}

const numberFormat = kept((locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
const dateFormat = kept((locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));
const relativeFormat = kept(
  (locale, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(locale, options),
);

/** Formats for a language and an IANA timezone. Dates `YYYY-MM-DD` are calendar days and are never moved by the timezone. */
export function makeFormatter(locale: string, timezone: string) {
  const number = (options: Intl.NumberFormatOptions) => {
    let format: Intl.NumberFormat | undefined;
    return (value: Figure) => {
      if (value === null || value === undefined) return ABSENT;
      // What rounds to zero has no sign: "-$0.00" says nothing.
      format ??= numberFormat(locale, { signDisplay: "negative", ...options });
      return format.format(value);
    };
  };
  const moment = (options: Intl.DateTimeFormatOptions, zone = timezone) => {
    let format: Intl.DateTimeFormat | undefined;
    return (value: Instant) => {
      if (!value) return ABSENT;
      format ??= dateFormat(locale, { ...options, timeZone: zone });
      return format.format(new Date(value));
    };
  };
  const share = (options: Intl.NumberFormatOptions) => (value: Figure) =>
    number({ style: "percent", ...options })(value && value / 100);
  const usd = { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" } as const;
  const cents = number({ ...usd, minimumFractionDigits: 2, maximumFractionDigits: 2 });
  // Three significant digits, and never fewer decimals than cents have.
  const fraction = (value: number) =>
    number({
      ...usd,
      minimumFractionDigits: 2,
      maximumFractionDigits: Math.min(10, 2 - Math.floor(Math.log10(Math.abs(value)))),
    })(value);
  const seconds = number({ style: "unit", unit: "second", minimumFractionDigits: 1, maximumFractionDigits: 1 });

  return {
    locale,
    timezone,
    /** `$1,234.56`; below a dollar three significant digits, so that a cheap request is not "$0.00". */
    money: (value: Figure) => (value && Math.abs(value) < 0.995 ? fraction(value) : cents(value)),
    /** `$1.2K`, for axes and narrow cells. */
    moneyShort: number({ ...usd, notation: "compact", minimumFractionDigits: 0, maximumSignificantDigits: 3 }),
    count: number({ maximumFractionDigits: 0 }),
    /** One decimal at most: averages of counts. */
    average: number({ maximumFractionDigits: 1 }),
    /** `1.2M`. */
    short: number({ notation: "compact", maximumSignificantDigits: 3 }),
    /** From a percentage (12.5), not from a share (0.125). */
    percent: share({ maximumFractionDigits: 1 }),
    /** With its sign, for a change. */
    change: (value: Figure) =>
      share({ maximumFractionDigits: Math.abs(value ?? 0) < 10 ? 1 : 0, signDisplay: "exceptZero" })(value),
    date: moment({ dateStyle: "medium" }),
    dateTime: moment({ dateStyle: "medium", timeStyle: "short" }),
    /** A calendar day `YYYY-MM-DD`. */
    day: moment({ dateStyle: "medium" }, "UTC"),
    dayShort: moment({ day: "numeric", month: "short" }, "UTC"),
    month: moment({ month: "short", year: "numeric" }, "UTC"),
    hour: moment({ hour: "2-digit", minute: "2-digit" }),
    /** To the second, for single requests. */
    second: moment({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    /** `1.2 sec` from milliseconds. */
    duration: (milliseconds: Figure) =>
      seconds(milliseconds === null || milliseconds === undefined ? null : milliseconds / 1000),
    dayHour: moment({ day: "numeric", month: "short", hour: "2-digit" }),
    weekday: moment({ weekday: "short" }, "UTC"),
    /** "3 hours ago", "in 2 days". */
    ago: (value: Instant, now: Date = new Date()) =>
      value ? relativeTo(relativeFormat(locale, { numeric: "auto", style: "long" }), new Date(value), now) : ABSENT,
  };
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

function relativeTo(format: Intl.RelativeTimeFormat, time: Date, now: Date): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  // Below a minute the second hand would only make noise.
  return unit === "second" ? format.format(0, "minute") : format.format(Math.trunc(seconds / size), unit);
}
