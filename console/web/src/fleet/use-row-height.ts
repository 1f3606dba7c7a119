// The height of a row in pixels, as the density says: what a virtual list must know beforehand.
import { type RefObject, useLayoutEffect, useState } from 'react';
import { useAppearance } from '#console/web/src/settings/appearance.ts';
import { useMedia } from '#console/web/src/ui/use-media.ts';

/** Comfortable, at the usual text size: what stands until it is measured. */
const USUAL_PX = 34;

/** `asked` is the density that the address wants. */
export function useRowHeight(place: RefObject<HTMLElement | null>, asked: string | undefined): number {
  const [px, setPx] = useState(USUAL_PX);
  const { density } = useAppearance();
  const isCoarse = useMedia('(pointer: coarse)');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the token comes to depends on all of these
  useLayoutEffect(() => {
    if (place.current === null) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const rows = Number.parseFloat(getComputedStyle(place.current).getPropertyValue('--row'));
    if (rows > 0) setPx(rows * rem);
  }, [place, density, isCoarse, asked]);
  return px;
}
