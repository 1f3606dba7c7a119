// What the pages of orders show, as it stands in their URLs.

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** 200 ids are 7.4 KB of URL, half of what a server takes; a batch of more is the command line's. */
export const MAX_CHOSEN = 200;
/** Manifests of one batch, one per relay, as the console takes them. */
const MAX_PARTS = 50;

/** Ids with commas between; whatever is none is left out. */
const idsOf = (value: unknown, max: number): string[] =>
  typeof value === 'string' ? [...new Set(value.split(','))].filter((id) => UUID.test(id)).slice(0, max) : [];

export interface NewOrderSearch {
  /** Ids of devices, with commas between. */
  devices?: string;
}

export function parseNewOrder({ devices }: Record<string, unknown>): NewOrderSearch {
  const ids = idsOf(devices, MAX_CHOSEN);
  return ids.length === 0 ? {} : { devices: ids.join(',') };
}

export interface OrderSearch {
  /** The other manifests of the same batch, with commas between. */
  with?: string;
}

export function parseOrder(raw: Record<string, unknown>): OrderSearch {
  const ids = idsOf(raw['with'], MAX_PARTS);
  return ids.length === 0 ? {} : { with: ids.join(',') };
}

export const listed = (ids: string | undefined): string[] => (ids === undefined || ids === '' ? [] : ids.split(','));

/** Where a batch is followed: at its first manifest, beside all others. */
export function placeOf([first = '', ...others]: readonly string[]): { id: string; search: OrderSearch } {
  return { id: first, search: others.length === 0 ? {} : { with: others.join(',') } };
}
