// Looks at a page from inside: what sticks out, what is cut, which controls lie on each other or are too small. It runs in the browser and imports nothing.

const CONTROLS =
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=option], [role=menuitem], [role=tab]';
/** Borders may touch. */
const TOUCH_PX = 2;
const MIN_TARGET_PX = 24;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Control {
  element: Element;
  box: Box;
  layer: Element | null;
}

const nameOf = (element: Element): string => {
  const text = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ');
  return `${element.tagName.toLowerCase()} "${text.slice(0, 60)}"`;
};

const isShown = (element: Element): boolean =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

const cut = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
const isEmpty = (box: Box): boolean => box.right - box.left < 1 || box.bottom - box.top < 1;

/** What of an element is in sight: its own box, cut by everything around it that hides what sticks out. */
function visibleBox(element: Element): Box {
  let box: Box = element.getBoundingClientRect();
  for (let up = element.parentElement; up !== null; up = up.parentElement) {
    const style = getComputedStyle(up);
    if (/auto|scroll|hidden|clip/.test(`${style.overflowX} ${style.overflowY}`))
      box = cut(box, up.getBoundingClientRect());
    if (style.position === 'fixed') break;
  }
  return cut(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
}

/** What floats above the page on purpose: a bar that stays, a head that sticks, a dialog. Only things of one layer can lie on each other by mistake. */
function layerOf(element: Element): Element | null {
  for (let up: Element | null = element; up !== null; up = up.parentElement) {
    const { position } = getComputedStyle(up);
    if (position === 'fixed' || position === 'sticky' || up.tagName === 'DIALOG' || up.hasAttribute('popover'))
      return up;
  }
  return null;
}

/** The dialog that has the page, else the page. */
const place = (): ParentNode & Node => [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;

const controlsOf = (): Control[] =>
  [...place().querySelectorAll(CONTROLS)]
    .filter((one) => isShown(one) && one.closest('.sr-only, .skip-link') === null)
    .map((element) => ({ element, box: visibleBox(element), layer: layerOf(element) }))
    .filter(({ box }) => !isEmpty(box));

/** A field keeps room beside its text for the buttons that stand in it: what counts is where its text goes. */
function textBox({ element, box }: Control): Box {
  if (!(element instanceof HTMLInputElement)) return box;
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return {
    ...box,
    left: box.left + Number.parseFloat(paddingLeft),
    right: box.right - Number.parseFloat(paddingRight),
  };
}

function overlappingOf(controls: readonly Control[]): string[] {
  return controls.flatMap((one, index) =>
    controls.slice(index + 1).flatMap((other) => {
      if (one.layer !== other.layer || one.element.contains(other.element) || other.element.contains(one.element))
        return [];
      const common = cut(textBox(one), textBox(other));
      const isCommon = common.right - common.left > TOUCH_PX && common.bottom - common.top > TOUCH_PX;
      return isCommon ? [`${nameOf(one.element)} and ${nameOf(other.element)}`] : [];
    }),
  );
}

function isUndersized({ element }: Control): boolean {
  // A link within a sentence is as high as its line; a box of a label has the label as its target.
  if (getComputedStyle(element).display === 'inline' || element.closest('label, p, dd') !== null) return false;
  const { width, height } = element.getBoundingClientRect();
  return width + 0.5 < MIN_TARGET_PX || height + 0.5 < MIN_TARGET_PX;
}

const middleOf = ({ box }: Control) => ({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 });

/** How far a point is from a box; 0 inside of it. */
function distance({ x, y }: { x: number; y: number }, box: Box): number {
  return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
}

/** WCAG lets a target be small when a circle of 24 px around its middle meets no other target, nor another one's circle. */
function hasRoom(one: Control, controls: readonly Control[]): boolean {
  const middle = middleOf(one);
  return controls.every((other) => {
    // A bar that floats above the page covers what can be scrolled away from it.
    if (other === one || other.layer !== one.layer) return true;
    if (other.element.contains(one.element) || one.element.contains(other.element)) return true;
    if (distance(middle, other.box) < MIN_TARGET_PX / 2) return false;
    const there = middleOf(other);
    return !isUndersized(other) || Math.hypot(middle.x - there.x, middle.y - there.y) >= MIN_TARGET_PX;
  });
}

/** A title, a name or a hint on it or closely around it says the whole text. */
function isTold(element: Element): boolean {
  let up: Element | null = element;
  for (let level = 0; up !== null && level < 4; level += 1) {
    if ((up.getAttribute('title') ?? up.getAttribute('aria-label') ?? '') !== '') return true;
    up = up.parentElement;
  }
  return false;
}

function isClipped(element: Element): boolean {
  const hasText = [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && (node.nodeValue ?? '').trim() !== '',
  );
  if (!hasText || !isShown(element) || element.closest('.sr-only, svg, [aria-hidden=true], option') !== null)
    return false;
  const { overflowX, overflowY } = getComputedStyle(element);
  const isCutAcross = /hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1;
  const isCutDown = /hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 3;
  return (isCutAcross || isCutDown) && element.clientWidth > 1 && !isTold(element);
}

function inspect() {
  const controls = controlsOf();
  const root = document.documentElement;
  return {
    overflow: root.scrollWidth - root.clientWidth,
    clipped: [...place().querySelectorAll('*')].filter(isClipped).map(nameOf),
    overlapping: overlappingOf(controls),
    small: controls.filter((one) => isUndersized(one) && !hasRoom(one, controls)).map(({ element }) => nameOf(element)),
  };
}

Object.assign(globalThis, { rmmInspect: inspect });
