import localFont from "next/font/local";

/**
 * Inter from the npm package, so that every machine shows the same letters. It is loaded ahead and is `optional`: where it comes too late, a
 * fallback of the same measures stays, and no line breaks anew under the reader's eyes.
 */
export const inter = localFont({
  src: "../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  weight: "100 900",
  display: "optional",
  variable: "--font-inter",
});
