/** Whether the screen is a phone's. */
import { useSyncExternalStore } from "react";

export const PHONE_QUERY = "(max-width: 767px)";

function subscribe(listen: () => void): () => void {
  const query = window.matchMedia(PHONE_QUERY);
  query.addEventListener("change", listen);
  return () => query.removeEventListener("change", listen);
}

export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(PHONE_QUERY).matches);
}
