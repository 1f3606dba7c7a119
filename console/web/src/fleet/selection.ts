// Which devices are selected: by id, so that filtering, sorting and live changes never select another one.

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins: the one that was touched last. */
  readonly anchor: string | undefined;
}

export const NOTHING: Selection = { ids: new Set(), anchor: undefined };

/** As many as the console takes at once. */
export const MAX_SELECTED = 25_000;

const bounded = (ids: Iterable<string>): ReadonlySet<string> => {
  const set = new Set(ids);
  return set.size <= MAX_SELECTED ? set : new Set([...set].slice(0, MAX_SELECTED));
};

export function toggleOne({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: bounded(next), anchor: id };
}

/** From the anchor to this one, in the order seen; all of them become what this one becomes. */
export function toggleRange(selection: Selection, id: string, seen: readonly string[]): Selection {
  const { ids, anchor } = selection;
  const from = anchor === undefined ? -1 : seen.indexOf(anchor);
  const to = seen.indexOf(id);
  if (from < 0 || to < 0) return toggleOne(selection, id);
  const range = seen.slice(Math.min(from, to), Math.max(from, to) + 1);
  if (ids.has(id)) {
    const gone = new Set(range);
    return { ids: new Set([...ids].filter((one) => !gone.has(one))), anchor: id };
  }
  return { ids: bounded([...ids, ...range]), anchor: id };
}

export const addAll = ({ ids, anchor }: Selection, seen: readonly string[]): Selection => ({
  ids: bounded([...ids, ...seen]),
  anchor,
});

export function takeAll({ ids, anchor }: Selection, seen: readonly string[]): Selection {
  const gone = new Set(seen);
  return { ids: new Set([...ids].filter((id) => !gone.has(id))), anchor };
}

/** What is left of it when devices were forgotten; the same when all are there. */
export function kept(selection: Selection, isKnown: (id: string) => boolean): Selection {
  const left = [...selection.ids].filter(isKnown);
  return left.length === selection.ids.size ? selection : { ...selection, ids: new Set(left) };
}
