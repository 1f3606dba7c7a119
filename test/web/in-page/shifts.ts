// Counts in the page what moves by itself: layout shifts that no key or press of a person caused.

/** No type of the DOM library yet. */
interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources?: ReadonlyArray<{ node?: Node | null }>;
}

const shifts: { total: number; what: string[] } = { total: 0, what: [] };

function take(entry: LayoutShift): void {
  if (entry.hadRecentInput) return;
  shifts.total += entry.value;
  for (const { node } of entry.sources ?? [])
    if (node instanceof Element) shifts.what.push(`${node.tagName.toLowerCase()}.${node.className}`.slice(0, 80));
}

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) take(entry as LayoutShift); // the only type that is observed
}).observe({ type: 'layout-shift', buffered: true });

Object.assign(globalThis, { rmmShifts: shifts });
