/**
 * An address as logs and traces may tell it: without its query, where the links of our mails carry their secret, and without the secret that
 * is the address of a badge.
 */
export const redactPath = (address: string): string =>
  address.replace(/[?#].*$/s, "").replace(/\/badge\/.*$/s, "/badge/{secret}");
