/** PostgreSQL holds no null byte in a text, so none passes a door. Safe for the browser. */
export const NULL_BYTE = "may not contain a null byte";

/** For a schema of a text that stands in an address: `.refine(...withoutNullByte)`. Half a character cannot be written there. */
export const withoutNullByte = [(text: string) => !text.includes("\0"), NULL_BYTE] as const;
