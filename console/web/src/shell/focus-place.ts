// Where the focus stands when nothing else says so: at the heading of the page, or beside what has just left it.

const content = (): HTMLElement | null => document.getElementById('content');

/** A page whose data come later has its heading later; longer than this nobody waits with the hands still. */
const HEADING_MS = 10_000;

/** The heading, or while there is none the page itself until its heading comes. */
export function focusHeading(): void {
  const page = content();
  const heading = page?.querySelector<HTMLElement>('h1') ?? undefined;
  (heading ?? page)?.setAttribute('tabindex', '-1');
  (heading ?? page)?.focus({ preventScroll: true });
  if (page !== null && heading === undefined) awaitHeading(page);
}

function awaitHeading(page: HTMLElement): void {
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
  };
  const observer = new MutationObserver(() => {
    const hasMoved = document.activeElement !== page;
    const hasCome = page.querySelector('h1') !== null;
    if (hasMoved || hasCome) stop();
    if (!hasMoved && hasCome) focusHeading();
  });
  const timer = setTimeout(stop, HEADING_MS);
  observer.observe(page, { childList: true, subtree: true });
}

const STOPS =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]:not([tabindex="-1"])';

const stopsIn = (place: ParentNode): HTMLElement[] =>
  [...place.querySelectorAll<HTMLElement>(STOPS)].filter((one) => one.tabIndex >= 0 && one.checkVisibility());

/** A dialog, else the page: what is lost in one is not found in the other. */
const scopeOf = (element: Element): Element | null => element.closest('dialog, #content');

/** As many stops before it as may go together with it. */
const MAX_BEFORE = 12;

/** How one finds back to the place of an element after it has gone. */
export interface Stand {
  element: Element;
  /** The row it is in with its neighbours, and which of the row's stops it is. */
  rows: Element[];
  nth: number;
  /** The stops before it, the nearest first. */
  before: HTMLElement[];
}

export function standOf(element: HTMLElement): Stand {
  const row = element.closest('tr, li');
  const scope = scopeOf(element);
  const stops = scope === null ? [] : stopsIn(scope);
  const at = stops.indexOf(element);
  return {
    element,
    rows: [row?.nextElementSibling, row?.previousElementSibling].filter((one) => one instanceof Element),
    nth: row === null ? 0 : Math.max(0, stopsIn(row).indexOf(element)),
    before: stops.slice(Math.max(0, at - MAX_BEFORE), Math.max(0, at)).reverse(),
  };
}

/** It is on the page no more, or cannot be pressed any longer. */
export const isGone = ({ element }: Stand): boolean =>
  !element.isConnected || element.matches(':disabled') || element.closest('[hidden]') !== null;

/** The same control of the next row, or of the one before; else what Tab would have met next; else where one begins. */
export function focusBeside({ rows, nth, before }: Stand): void {
  const place = ofRows(rows, nth) ?? afterStops(before) ?? ofDialog();
  if (place === undefined) focusHeading();
  else place.focus();
}

function ofRows(rows: readonly Element[], nth: number): HTMLElement | undefined {
  for (const row of rows) {
    const stops = row.isConnected ? stopsIn(row) : [];
    const stop = stops[nth] ?? stops.at(-1);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

function afterStops(before: readonly HTMLElement[]): HTMLElement | undefined {
  const left = before.find((one) => one.isConnected && one.checkVisibility());
  const scope = left === undefined ? null : scopeOf(left);
  if (left === undefined || scope === null) return undefined;
  const stops = stopsIn(scope);
  return stops[stops.indexOf(left) + 1] ?? left;
}

/** The first stop of the dialog on top, below its head. */
function ofDialog(): HTMLElement | undefined {
  const dialog = [...document.querySelectorAll('dialog:modal')].at(-1);
  return dialog === undefined ? undefined : stopsIn(dialog).find((one) => one.closest('.dialog-head') === null);
}
