// How high a part of the page may be so that the page itself need not scroll.
import { type RefObject, useLayoutEffect, useState } from 'react';

/** A few rows are always seen, be the window as low as it will. */
const MIN_PX = 240;
/** What usually stands above and below the rows. A guess that is right saves drawing them a second time. */
const USUAL_REST_PX = 245;

/** From where the element begins to the end of the window, less the page's own margin. */
export function useRoom(part: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(() => Math.max(MIN_PX, window.innerHeight - USUAL_REST_PX));
  useLayoutEffect(() => {
    const measure = () => {
      const element = part.current;
      const main = element?.closest('main');
      if (element === null || main == null) return;
      const top = element.getBoundingClientRect().top + window.scrollY;
      const below = Number.parseFloat(getComputedStyle(main).paddingBottom);
      const next = Math.max(MIN_PX, Math.floor(window.innerHeight - top - below - belowOf(element)));
      setHeight(next);
    };
    measure();
    // What stands above and below it comes and goes: notes, terms of the filter, the bar of a selection.
    const observer = new ResizeObserver(measure);
    for (let at = part.current; at !== null && at.tagName !== 'BODY'; at = at.parentElement)
      for (const one of at.parentElement?.children ?? []) if (one !== part.current) observer.observe(one);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [part]);
  return height;
}

/** Heights of what follows it in the same column. */
function belowOf(element: HTMLElement): number {
  let sum = 0;
  for (let next = element.nextElementSibling; next !== null; next = next.nextElementSibling)
    sum += next.getBoundingClientRect().height + Number.parseFloat(getComputedStyle(next).marginTop);
  return sum;
}
