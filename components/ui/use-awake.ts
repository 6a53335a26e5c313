import { useSyncExternalStore } from "react";

const nothingChanges = () => () => {};

/** Whether scripts are at work: false in what the server sends, so that a form may rely on the browser's own checks until they are. */
export const useAwake = (): boolean =>
  useSyncExternalStore(
    nothingChanges,
    () => true,
    () => false,
  );
