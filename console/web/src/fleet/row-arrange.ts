// Puts rows into their order in the page and moves as few of them as it can: the one with the focus never, for it would lose it.
import type { RowView } from './row-view.ts';

interface Place {
  body: HTMLElement;
  /** The first and the last of its rows, which stay. */
  before: HTMLElement;
  after: HTMLElement;
}

type Views = ReadonlyMap<string, RowView>;

/** `former` are the rows that stand, by the devices they stood for. */
export function arrange(views: Views, former: Views, { body, before, after }: Place): void {
  const kept = new Set(views.values());
  for (const view of former.values()) if (!kept.has(view)) view.element.remove();
  const held = document.activeElement?.closest('tr');
  const passed = new Set<Element>();
  for (const [id, view] of views) if (former.get(id) !== view) passed.add(view.element);
  let at: Element | null = before.nextElementSibling;
  for (const { element } of views.values()) {
    // What was passed on to another device is fetched from where it stands when its turn comes.
    while (at !== null && at !== element && passed.has(at)) at = at.nextElementSibling;
    if (element === held)
      while (at !== null && at !== element) {
        const next: Element | null = at.nextElementSibling;
        body.insertBefore(at, after);
        at = next;
      }
    if (at === element) at = at.nextElementSibling;
    else body.insertBefore(element, at);
  }
}
