// Whether the facets stand beside the table: where there is room for both, and a person has not put them away.
import { useState } from 'react';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import { useMedia } from '#console/web/src/ui/use-media.ts';

const SETTING = 'rmm-fleet-facets';

export interface Facets {
  /** As a part of the page. */
  isBeside: boolean;
  /** As a sheet above it, where there is no room. */
  isSheet: boolean;
  toggle: () => void;
}

export function useFacetsOpen(): Facets {
  const hasRoom = useMedia('(width >= 72rem)');
  // At first they stand where all usual columns fit beside them.
  const isWide = useMedia('(width >= 100rem)');
  const [stored, setStored] = useState(() => readStored(SETTING));
  const [isSheet, setIsSheet] = useState(false);
  const isBeside = hasRoom && (stored === null ? isWide : stored === 'open');
  const toggle = () => {
    if (!hasRoom) return setIsSheet(!isSheet);
    const next = isBeside ? 'closed' : 'open';
    writeStored(SETTING, next);
    setStored(next);
  };
  return { isBeside, isSheet: isSheet && !hasRoom, toggle };
}
