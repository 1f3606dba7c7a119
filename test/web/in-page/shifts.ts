// Counts in the page what moves by itself: layout shifts that no key or press of a person caused.

/** No type of the DOM library yet. */
interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources?: ReadonlyArray<{ node?: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }>;
}

const shifts: { total: number; what: string[] } = { total: 0, what: [] };

/** The element, or the text by its first words. */
function movedName(node: Node | null | undefined): string {
  if (node instanceof Element) return `${node.tagName.toLowerCase()}.${node.className}`.slice(0, 80);
  return `"${node?.textContent?.slice(0, 30) ?? ''}"`;
}

const placeOf = ({ x, y, width, height }: DOMRectReadOnly): string => [x, y, width, height].map(Math.round).join(' ');

function take(entry: LayoutShift): void {
  if (entry.hadRecentInput) return;
  shifts.total += entry.value;
  for (const { node, previousRect, currentRect } of entry.sources ?? [])
    shifts.what.push(`${movedName(node)} ${placeOf(previousRect)} -> ${placeOf(currentRect)}`);
}

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) take(entry as LayoutShift); // the only type that is observed
}).observe({ type: 'layout-shift', buffered: true });

Object.assign(globalThis, { rmmShifts: shifts });
