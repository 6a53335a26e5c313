"use client";
import { useSyncExternalStore } from "react";
import { canUsePasskeys } from "./authenticator";

const never = () => () => {};

/** Whether passkeys can be used in this browser at this address; until the page has come alive, whether they are `expected` to. */
export const usePasskeysPossible = (origin: string, expected = false): boolean =>
  useSyncExternalStore(
    never,
    () => canUsePasskeys(origin),
    () => expected,
  );
