"use client";
import { useAwake } from "@/components/ui/use-awake";
import type { PasskeyPlace } from "@/lib/passkeys/schema";
import { canUsePasskeys } from "./authenticator";

/** Whether passkeys can be used in this browser at this address; until the page has come alive, as far as the address tells. */
export const usePasskeysPossible = ({ origin, isHere }: PasskeyPlace): boolean =>
  useAwake() ? canUsePasskeys(origin) : isHere;
