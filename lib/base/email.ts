import "server-only";
import { domainToUnicode } from "node:url";

/**
 * A stored e-mail address as people write it: xn--bcher-kva.example is bücher.example. Mail is sent to the stored one.
 */
export function readableEmail(email: string): string {
  const at = email.lastIndexOf("@") + 1;
  return email.slice(0, at) + (domainToUnicode(email.slice(at)) || email.slice(at));
}
