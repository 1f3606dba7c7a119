// What the pages of orders show, as it stands in their URLs.
import { OUTCOME_KINDS, type OutcomeKind } from '#shared/model/outcome-kind.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** 200 ids are 7.4 KB of URL, half of what a server takes; more are kept in the tab. */
export const MAX_IN_URL = 200;
/** As many as one manifest names; how many one signature may reach is the charter's word. */
export const MAX_CHOSEN = 2_000;
/** Manifests of one batch, one per relay, as the console takes them. */
const MAX_PARTS = 50;

/** Ids with commas between; whatever is none is left out. */
const idsOf = (value: unknown, max: number): string[] =>
  typeof value === 'string' ? [...new Set(value.split(','))].filter((id) => UUID.test(id)).slice(0, max) : [];

export interface NewOrderSearch {
  /** Ids of devices, with commas between. */
  devices?: string;
  /** More devices, kept in this tab under this key. */
  kept?: string;
  /** An order whose content is signed anew. */
  anew?: string;
  /** An order that is taken back on these devices. */
  undo?: string;
}

export function parseNewOrder({ devices, kept, anew, undo }: Record<string, unknown>): NewOrderSearch {
  const ids = idsOf(devices, MAX_IN_URL);
  const [former] = idsOf(anew, 1);
  const [undone] = idsOf(undo, 1);
  return {
    ...(ids.length === 0 ? {} : { devices: ids.join(',') }),
    ...(typeof kept === 'string' && /^[0-9a-f]{8}$/.test(kept) ? { kept } : {}),
    ...(former === undefined ? {} : { anew: former }),
    ...(undone === undefined ? {} : { undo: undone }),
  };
}

export interface OrderSearch {
  /** The other manifests of the same batch, with commas between. */
  with?: string;
  /** Devices of this kind alone. */
  only?: OutcomeKind;
}

export function parseOrder(raw: Record<string, unknown>): OrderSearch {
  const ids = idsOf(raw['with'], MAX_PARTS);
  const only = OUTCOME_KINDS.find((kind) => kind === raw['only']);
  return { ...(ids.length === 0 ? {} : { with: ids.join(',') }), ...(only === undefined ? {} : { only }) };
}

export const listed = (ids: string | undefined): string[] => (ids === undefined || ids === '' ? [] : ids.split(','));

/** Where a batch is followed: at its first manifest, beside all others. */
export function placeOf([first = '', ...others]: readonly string[]): { id: string; search: OrderSearch } {
  return { id: first, search: others.length === 0 ? {} : { with: others.join(',') } };
}
