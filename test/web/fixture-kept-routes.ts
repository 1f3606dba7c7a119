// The operations of the fleet page on the made-up fleet: its columns, and what people keep of it.
import { systemClock } from '#shared/base/clock.ts';
import { numberOf } from './fixture-changes.ts';
import type { Guarded } from './fixture-console.ts';
import { device } from './fixture-fleet.ts';
import { exportFile, type FixtureKept } from './fixture-kept.ts';

const now = () => systemClock.now();

/** A filter is only asked for what the page cannot answer itself: one page of it will do. */
export function fittingPage(kept: FixtureKept, q: string) {
  const items = kept.idsFitting(q).map((id) => device(numberOf(id), now(), new Set()));
  return { items, total: items.length, nextCursor: null };
}

export const fleetRoutes = (guarded: Guarded, kept: FixtureKept) => ({
  columns: guarded.devices.columns.handler(({ input }) => kept.columns(now(), input.readings)),
  removeMany: guarded.devices.removeMany.handler(({ input }) => kept.remove(input.devices)),
});

export const keptRoutes = (guarded: Guarded, kept: FixtureKept) => ({
  groups: {
    list: guarded.groups.list.handler(() => ({ items: kept.groups() })),
    changeMembers: guarded.groups.changeMembers.handler(({ input: { id, add, remove } }) =>
      kept.changeMembers(id, add ?? [], remove ?? []),
    ),
  },
  tags: {
    list: guarded.tags.list.handler(() => ({ items: kept.tags() })),
    change: guarded.tags.change.handler(({ input }) => kept.changeTags(input.devices, input.add, input.remove)),
  },
  views: {
    list: guarded.views.list.handler(() => ({ items: kept.views() })),
    create: guarded.views.create.handler(({ input }) => kept.addView(input)),
    remove: guarded.views.remove.handler(({ input }) => kept.removeView(input.id)),
  },
  exports: {
    devices: guarded.exports.devices.handler(({ input }) =>
      exportFile(input.format, input.columns ?? '', input.q ?? ''),
    ),
  },
});
