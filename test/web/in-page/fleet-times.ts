// Times the fleet page from inside: when it can be used, and how long a press or a key takes to the next painted frame. It imports nothing.

interface Usable {
  /** Since the navigation began. */
  shownMs: number;
  usableMs: number;
  /** From a letter in the filter to the frame that shows it. */
  keyMs: number;
  /** Since the navigation as well: readings come behind the rows. */
  numbersMs: number;
}

/** A page that is not there by then is broken. */
const DEADLINE_MS = 60_000;

/** After the next frame: what stands in the page now is on the screen. */
const painted = (): Promise<number> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(undefined);
    });
  });

const rowCount = (): number => Number(document.querySelector('table.fleet')?.getAttribute('aria-rowcount') ?? 0) - 1;
const filterField = () => document.querySelector<HTMLInputElement>('.filter-field');

/** As a keyboard would: the field has the focus, and the page hears of the input as of any other. */
function type(text: string): void {
  const field = filterField();
  field?.focus();
  field?.select();
  // The one way of a page to type like a person; it is kept for that, though the standard calls it old.
  if (text === '') document.execCommand('delete');
  else document.execCommand('insertText', false, text);
}

/** Once rows stand and all devices are known, a letter is typed at once: whatever still keeps the page busy delays its frame. */
async function usable(devices: number): Promise<Usable> {
  while (rowCount() !== devices || document.querySelector('[data-row]') === null) {
    await new Promise(requestAnimationFrame);
    if (performance.now() > DEADLINE_MS)
      throw new Error(`the fleet does not come: ${document.body.innerText.slice(0, 200)}`);
  }
  const shownMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve));
  const pressed = performance.now();
  type('w');
  const usableMs = await painted();
  if (filterField()?.value !== 'w') throw new Error('the filter did not take the letter');
  return { shownMs, usableMs, keyMs: usableMs - pressed, numbersMs: await numbers() };
}

/** A row in sight has its numbers; the feed alone fills a few of them. `link` is the name in it. */
const isRead = (link: Element): boolean =>
  [...(link.closest('tr')?.querySelectorAll('.share-cell') ?? [])].some(({ textContent }) => /\d/.test(textContent));

/** At once where the table shows no share of a whole: other columns were chosen. */
async function numbers(): Promise<number> {
  if (document.querySelector('.share-cell') === null) return painted();
  for (;;) {
    const links = [...document.querySelectorAll('[data-row]')];
    if (links.filter(isRead).length > links.length / 2) return painted();
    if (performance.now() > DEADLINE_MS) throw new Error('the numbers do not come');
    await new Promise(requestAnimationFrame);
  }
}

/** From the press on a head to the frame with the rows in the new order. */
async function sort(column: number): Promise<number> {
  const head = document.querySelectorAll('table.fleet th[aria-sort]')[column];
  const before = head?.getAttribute('aria-sort');
  if (head === undefined) throw new Error('no such head');
  const turned = new Promise<void>((resolve) => {
    // Heads and rows are written in one go.
    new MutationObserver((_, observer) => {
      if (head.getAttribute('aria-sort') === before) return;
      observer.disconnect();
      resolve();
    }).observe(head, { attributeFilter: ['aria-sort'] });
  });
  const began = performance.now();
  head.querySelector('button')?.click();
  await turned;
  return (await painted()) - began;
}

/** From the input to the frame with what fits. */
async function filter(text: string): Promise<{ ms: number; fitting: number }> {
  const began = performance.now();
  type(text);
  const ms = (await painted()) - began;
  return { ms, fitting: rowCount() };
}

/** When the largest thing of the page was painted, so far. */
async function largest(): Promise<number> {
  await painted();
  return new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
      type: 'largest-contentful-paint',
      buffered: true,
    });
  });
}

Object.assign(globalThis, {
  rmmFleet: {
    usable,
    sort,
    filter,
    largest,
    heads: () => document.querySelectorAll('table.fleet th[aria-sort]').length,
  },
});
