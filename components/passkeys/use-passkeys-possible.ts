"use client";
import { useSyncExternalStore } from "react";
import { canUsePasskeys } from "./authenticator";

const never = () => () => {};

/** Whether passkeys can be used in this browser at this address; false until the page has come alive. */
export const usePasskeysPossible = (origin: string): boolean =>
  useSyncExternalStore(
    never,
    () => canUsePasskeys(origin),
    () => false,
  );
