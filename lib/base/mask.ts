/**
 * OpenRouter's keys in text. They begin with `sk-or-` and the name of a kind (`v1`, `mgmt`), which does not tell what they may do: `GET /key` does. Their length
 * is not promised. Safe for the browser.
 */
const BODY = "[\\w.~+/=:@!$*^|#?%-]";
const DASH = "(?:-|%(?:25)*2d)";

/** The form of a key whose kind we may not have heard of. */
export const KEY_PATTERN = `^sk-or-[a-z0-9]{1,16}-${BODY}+$`;
export const KEY_LENGTH = { least: 20, most: 200 };

const KEY = new RegExp(KEY_PATTERN);
/** A dash may be percent-encoded, once or more often, and whoever shouts a key has told it as well. */
const SOMEWHERE = new RegExp(`sk${DASH}or${DASH}${BODY}+`, "gi");

/** Whether a text can be a key of OpenRouter's at all. */
export const isKeyShaped = (text: string): boolean =>
  text.length >= KEY_LENGTH.least && text.length <= KEY_LENGTH.most && KEY.test(text);

/**
 * A text with every key of OpenRouter's in it masked. Whatever leaves as a message, a log line, a trace or a mail passes here; quotes and brackets end a key, so
 * that JSON stays JSON.
 */
export const maskKeys = (text: string): string => text.replace(SOMEWHERE, "sk-or-…");
