// Keeps the focus from falling to nowhere when what had it leaves the page: a row that is deleted, a form that gives way to its result.
import { useEffect } from 'react';
import { focusBeside, isGone, type Stand, standOf } from './focus-place.ts';

/** Styles tell by it whether to show the focus on what takes no press, such as a heading. */
const noteHands = (hands: 'keys' | 'pointer') => () => {
  document.documentElement.dataset['hands'] = hands;
};
const onKey = noteHands('keys');
const onPointer = noteHands('pointer');

/** What takes the place of what has gone may take the focus itself; it does so within a few frames. */
const GRACE_MS = 100;

export function FocusKeeper() {
  useEffect(() => {
    let stand: Stand | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onFocus = ({ target }: FocusEvent) => {
      stand = target instanceof HTMLElement ? standOf(target) : undefined;
    };
    const restore = () => {
      timer = undefined;
      const isLost = (document.activeElement ?? document.body) === document.body;
      if (isLost && stand !== undefined && isGone(stand)) focusBeside(stand);
    };
    const observer = new MutationObserver(() => {
      if (timer === undefined && stand !== undefined && isGone(stand)) timer = setTimeout(restore, GRACE_MS);
    });
    document.addEventListener('focusin', onFocus);
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('pointerdown', onPointer, true);
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled', 'hidden'],
    });
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('pointerdown', onPointer, true);
      observer.disconnect();
      clearTimeout(timer);
    };
  }, []);
  return null;
}
