// Watches a page from inside while keys alone drive it: that nothing is pressed by a pointer, that the focus is never lost, and that it is always seen.

/** Longer on nothing is lost, not between two places. */
const LOST_MS = 1_000;

/** Put there by the test. */
declare const rmmTell: (fault: string) => void;

const wordsOf = (element: EventTarget | null): string => {
  if (!(element instanceof Element)) return 'nothing';
  const text = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ');
  return `${element.tagName.toLowerCase()} "${text.slice(0, 50)}"`;
};

function onPointer(event: MouseEvent): void {
  // A key that presses a button makes a click too, of no pointer: its detail is 0.
  if (event.isTrusted && (event.type !== 'click' || event.detail > 0))
    rmmTell(`${event.type} on ${wordsOf(event.target)}`);
}
for (const type of ['pointerdown', 'mousedown', 'click'] as const) addEventListener(type, onPointer, true);

let last: EventTarget | null = null;
let lostAt: number | undefined;
addEventListener('focusin', ({ target }) => {
  last = target;
  lostAt = undefined;
});
setInterval(() => {
  const isLost = last !== null && (document.activeElement ?? document.body) === document.body;
  if (!isLost) lostAt = undefined;
  else if (lostAt === undefined) lostAt = performance.now();
  else if (performance.now() - lostAt > LOST_MS) {
    rmmTell(`${location.pathname}: the focus was lost after ${wordsOf(last)}`);
    last = null;
  }
}, 50);

/** Where a ring may be drawn: on the element, or on what stands for it. */
const MAX_AROUND = 4;

function aroundOf(element: Element): Element[] {
  const around = [element];
  for (let up = element.parentElement; up !== null && around.length <= MAX_AROUND; up = up.parentElement)
    around.push(up);
  return around;
}

/** Outlines and shadows: what draws a ring. */
const ringOf = (element: Element): string =>
  aroundOf(element)
    .flatMap((one) => [undefined, '::before', '::after'].map((pseudo) => getComputedStyle(one, pseudo)))
    .map(({ outlineStyle, outlineWidth, outlineColor, boxShadow, content }) => {
      const hasOutline = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1 && content !== 'none';
      return `${hasOutline ? `${outlineWidth} ${outlineColor}` : ''} ${boxShadow}`;
    })
    .join('|');

/** A box that only a screen reader meets is seen as its label. */
function seenAs(element: Element): Element {
  const { width, height } = element.getBoundingClientRect();
  const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
  return width < 4 && height < 4 && label !== undefined ? label : element;
}

const STEPS = [0.02, 0.25, 0.5, 0.75, 0.98];

/** Some of it is in the window and lies under nothing else. */
function isInSight(element: Element): boolean {
  const seen = seenAs(element);
  const { left, top, width, height } = seen.getBoundingClientRect();
  return STEPS.some((x) =>
    STEPS.some((y) => {
      const hit = document.elementFromPoint(left + width * x, top + height * y);
      return hit !== null && (seen.contains(hit) || (hit.contains(seen) && hit === seen.parentElement));
    }),
  );
}

let former: { element: Element; ring: string } | undefined;

/** What is wrong with how the focus is seen; the ring is known by its going when the focus has moved on. */
function look(): string[] {
  const element = document.activeElement;
  const faults: string[] = [];
  if (former !== undefined && former.element !== element) {
    if (former.element.isConnected && ringOf(former.element) === former.ring)
      faults.push(`nothing shows the focus on ${wordsOf(former.element)}`);
    former = undefined;
  }
  if (element === null || element === document.body) return faults;
  if (!isInSight(element)) faults.push(`the focus is out of sight on ${wordsOf(element)}`);
  former ??= { element, ring: ringOf(element) };
  return faults.map((fault) => `${location.pathname}: ${fault}`);
}

Object.assign(globalThis, { rmmLook: look });
