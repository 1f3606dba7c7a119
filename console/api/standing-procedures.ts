// Standing orders over the API: the console keeps and carries what was signed; it can neither make, change nor widen one.
import { by } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import { ruleMatches } from '#console/inventory/rule-matches.ts';
import {
  judgeStanding,
  type StoredStanding,
  standingOrder,
  standingOrders,
  storeStanding,
  whyNotAt,
} from '#console/trust/standing-service.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function standingProcedures(os: Guarded, { store, audit, clock, links, actions }: ApiServices) {
  type WhyNot = ReturnType<typeof whyNotAt>;
  const shown = async (scope: Scope, whyNot: WhyNot, { withdrawal: _, ...standing }: StoredStanding) => {
    const why = await whyNot(standing);
    const { items } = await actions.list(scope, { origin: `standing:${standing.id}`, limit: 1 });
    const [last] = items;
    const lastRun = last === undefined ? null : { id: last.id, at: last.createdAt, counts: last.counts };
    return { ...standing, whyNot: why ?? null, lastRun };
  };
  return {
    list: os.standing.list.handler(async ({ input, context: { scope } }) => {
      const found = await standingOrders(store.db, scope, input.siteId);
      const whyNot = whyNotAt(store.db, scope, clock.now());
      return { items: await Promise.all(found.map((one) => shown(scope, whyNot, one))) };
    }),
    show: os.standing.show.handler(async ({ input, context: { scope } }) =>
      shown(scope, whyNotAt(store.db, scope, clock.now()), await standingOrder(store.db, scope, input.id)),
    ),
    matches: os.standing.matches.handler(({ input, context: { scope } }) =>
      ruleMatches(store.db, scope, input.relayId, input.rule),
    ),
    put: os.standing.put.handler(async ({ input: { signed }, context }) => {
      const now = clock.now();
      const judged = await judgeStanding(store.db, context.scope, signed, now);
      const { document, lacks } = judged;
      const { state, relayId } = await store.transaction(async (tx) => {
        const stored = await storeStanding(tx, context, judged, now);
        const detail = { relay: document.relay, state: stored.state, lacks, reason: document.reason };
        const verb = document.kind === 'standing' ? 'standing.sign' : 'standing.withdraw';
        await audit.append(tx, { ...by(context), verb, resource: `standing:${document.id}`, outcome: 'ok', detail });
        return stored;
      });
      const told = state !== 'waiting-for-signature' && (await links.offerStanding(relayId));
      return { id: document.id, state, lacks: lacks ?? null, told };
    }),
  };
}
