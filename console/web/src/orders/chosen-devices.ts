// The devices of an order to be: their ids in the URL where they fit, and of more in this tab, under a key that the URL names.
import { listed, MAX_CHOSEN, MAX_IN_URL, type NewOrderSearch } from './order-search.ts';

const keyOf = (kept: string): string => `rmm-chosen-${kept}`;

/** Where an order on `ids` begins. What a browser will not keep is cut to what a URL holds, and the page shows how many. */
export function chosenSearch(ids: readonly string[]): NewOrderSearch {
  if (ids.length <= MAX_IN_URL) return { devices: ids.join(',') };
  const kept = crypto.randomUUID().slice(0, 8);
  try {
    sessionStorage.setItem(keyOf(kept), ids.slice(0, MAX_CHOSEN).join(','));
    return { kept };
  } catch {
    return { devices: ids.slice(0, MAX_IN_URL).join(',') };
  }
}

export function chosenOf({ devices, kept }: NewOrderSearch): string[] {
  if (kept === undefined) return listed(devices);
  try {
    return listed(sessionStorage.getItem(keyOf(kept)) ?? '').slice(0, MAX_CHOSEN);
  } catch {
    return []; // a browser that keeps nothing
  }
}
