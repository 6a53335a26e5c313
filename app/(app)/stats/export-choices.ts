import type { Locale } from "@/i18n/locales";
import { FORMATS } from "@/lib/export/schema";

/** How Excel reads CSV on a double click: a byte order mark for UTF-8, and the marks of its usual locale. */
const EXCEL: Record<Locale, string> = {
  en: "format=csv&bom=true",
  it: "format=csv&bom=true&separator=semicolon&decimal=comma",
};

export type ExportChoice = { file: (typeof FORMATS)[number] | "excel"; query: string };

/** The files that are offered, with the query that asks for each. */
export const exportChoices = (locale: Locale): ExportChoice[] =>
  FORMATS.flatMap((file): ExportChoice[] => {
    const choice = { file, query: `format=${file}` };
    return file === "csv" ? [choice, { file: "excel", query: EXCEL[locale] }] : [choice];
  });
