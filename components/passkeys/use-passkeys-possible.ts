"use client";
import { useSyncExternalStore } from "react";
import type { PasskeyPlace } from "@/lib/passkeys/schema";
import { canUsePasskeys } from "./authenticator";

const never = () => () => {};

/** Whether passkeys can be used in this browser at this address; until the page has come alive, as far as the address tells. */
export const usePasskeysPossible = ({ origin, isHere }: PasskeyPlace): boolean =>
  useSyncExternalStore(
    never,
    () => canUsePasskeys(origin),
    () => isHere,
  );
