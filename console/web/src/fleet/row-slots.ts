// Who shows which device: what goes out of view leaves its elements to what comes in, which is cheaper than others.

interface Slots<View> {
  /** A view whose elements hold the focus is left to nobody: the focus would be at another device, and nobody had moved it. */
  isHeld: (view: View) => boolean;
  make: () => View;
}

/** A view for each of the devices, in their order. Whoever stays keeps its own. */
export function viewsFor<View>(
  ids: readonly string[],
  former: ReadonlyMap<string, View>,
  { isHeld, make }: Slots<View>,
): Map<string, View> {
  const inView = new Set(ids);
  const free: View[] = [];
  for (const [id, view] of former) if (!inView.has(id) && !isHeld(view)) free.push(view);
  // In the order of the page, so that few elements move in it.
  free.reverse();
  return new Map(ids.map((id) => [id, former.get(id) ?? free.pop() ?? make()]));
}
