// What a press on a row does. The link in it is what keys open; a press on the rest is the same for a pointer.

export interface RowActions {
  select: (id: string, isRange: boolean) => void;
  open: (id: string) => void;
  /** Whoever comes near the rows may open one: its page is loaded by then. */
  getReady: () => void;
}

/** Listens for all rows at once, until the returned function is called. */
export function onRowPress(
  body: HTMLElement,
  deviceAt: (element: Element) => string | undefined,
  actions: RowActions,
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const press = (event: MouseEvent) => {
    const id = event.target instanceof Element ? deviceAt(event.target) : undefined;
    if (id !== undefined && event.target instanceof Element) onPress(event, event.target, id, actions);
  };
  body.addEventListener('click', press, { signal });
  body.addEventListener('pointerenter', actions.getReady, { signal });
  body.addEventListener('focusin', actions.getReady, { signal });
  return () => ending.abort();
}

/** Anywhere on a row opens its device; with Shift or Ctrl it selects, as in every list of files. */
function onPress(event: MouseEvent, target: Element, id: string, { select, open }: RowActions): void {
  if (event.defaultPrevented) return;
  const isPlain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
  if (target.closest('a') !== null) {
    // With a key held down a link is the browser's: another tab, another window, a file.
    if (isPlain) event.preventDefault();
    if (isPlain) open(id);
    return;
  }
  // A press on the label of a box is followed by one on the box itself.
  if (target instanceof HTMLInputElement) select(id, event.shiftKey);
  else if (target.closest('label') !== null) return;
  else if (event.shiftKey || event.ctrlKey || event.metaKey) select(id, event.shiftKey);
  // Whoever marks a text wants to copy it.
  else if (getSelection()?.isCollapsed !== false) open(id);
}
