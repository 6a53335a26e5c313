import { useLocale } from "next-intl";
import { sentenceIn } from "./sentences";

/** Says a sentence that the product keeps in English, as the state of a key, in the page's language. For server components: it brings the catalogues. */
export function useSentence(): (sentence: string) => string {
  const locale = useLocale();
  return (sentence) => sentenceIn(locale, sentence);
}
