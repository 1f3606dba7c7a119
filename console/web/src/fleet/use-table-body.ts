// Puts the rows into the table that React draws around them: it says what they show, and hears where they are pressed.
import { useRouter, useSearch } from '@tanstack/react-router';
import { type ReactPortal, type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { everyFive } from '#console/web/src/live/now.ts';
import { fleet, selection } from './fleet.ts';
import { RowMarks } from './row-marks.tsx';
import { onRowPress, type RowActions } from './row-press.ts';
import { type Shown, TableBody } from './table-body.ts';
import { idsOf } from './use-list-keys.ts';

interface BodyOptions extends Omit<Shown, 'hrefOf'> {
  region: RefObject<HTMLElement | null>;
  body: RefObject<HTMLElement | null>;
  /** Another one begins at the top. */
  question: string;
}

interface BodyState {
  /** To be rendered anywhere. */
  marks: ReactPortal;
  scrollTo: (index: number) => void;
}

export function useTableBody({ region, body, question, ...shown }: BodyOptions): BodyState {
  const [marks] = useState(() => new RowMarks());
  const table = useRef<TableBody>(undefined);
  const { hrefOf, actions } = useRowActions(shown.view);
  useLayoutEffect(() => {
    if (region.current === null || body.current === null) return;
    const made = new TableBody({
      region: region.current,
      body: body.current,
      marks,
      fleet,
      selection,
      beat: everyFive,
    });
    const deviceAt = (element: Element) => made.deviceAt(element);
    const stops = [made.start(), onRowPress(body.current, deviceAt, actions)];
    table.current = made;
    return () => {
      for (const stop of stops) stop();
    };
  }, [region, body, marks, actions]);
  // With every drawing: rows compare what they show, and the store has other rows after a load.
  useLayoutEffect(() => table.current?.show({ ...shown, hrefOf }));
  const former = useRef(question);
  useLayoutEffect(() => {
    if (former.current !== question) table.current?.toTop();
    former.current = question;
  }, [question]);
  const scrollTo = useCallback((index: number) => table.current?.scrollToRow(index), []);
  return { marks: marks.portal, scrollTo };
}

/** For as long as the scope is the same: the rows compare addresses. */
function useRowActions(view: readonly number[]): { hrefOf: (id: string) => string; actions: RowActions } {
  const router = useRouter();
  const { customer, site } = useSearch({ from: '/shell' });
  const latest = useRef(view);
  latest.current = view;
  // What stands for the id of a device in their address.
  const place = '00000000';
  const actions = useMemo<RowActions>(
    () => ({
      select: (id, isRange) => (isRange ? selection.toggleRange(id, idsOf(latest.current)) : selection.toggle(id)),
      open: (id) => void router.navigate({ to: '/devices/$id', params: { id } }),
      getReady: () => void router.preloadRoute({ to: '/devices/$id', params: { id: place } }),
    }),
    [router],
  );
  const hrefOf = useMemo(() => {
    const { href } = router.buildLocation({ to: '/devices/$id', params: { id: place }, search: { customer, site } });
    return (id: string) => href.replace(place, id);
  }, [router, customer, site]);
  return { hrefOf, actions };
}
