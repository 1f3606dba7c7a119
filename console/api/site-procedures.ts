// Sites, their charters, their relays and the tokens that let new ones in.

import type { Relay } from '#console/sites/relays.ts';
import { charterOf, judgeCharter, storeCharter } from '#console/trust/charter-service.ts';
import type { RelaySummary } from '#shared/contract/site-contract.ts';
import { formatToken, hashSecret, newSecret } from '#shared/crypto/token.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function siteProcedures(os: Guarded, services: ApiServices) {
  const { sites, store, trust, links, clock } = services;
  return {
    list: os.sites.list.handler(async ({ context }) => ({ items: await sites.list(context.scope) })),
    create: os.sites.create.handler(async ({ input, context }) => {
      const site = await sites.create(context, input);
      await trust.charterFirst(site.id);
      return site;
    }),
    charter: os.sites.charter.handler(({ input, context }) => charterOf(store.db, context.scope, input.id)),
    putCharter: os.sites.putCharter.handler(async ({ input, context }) => {
      const request = { site: input.id, signed: input.signed, owner: trust.owner };
      const judged = await judgeCharter(store.db, context.scope, request);
      await store.transaction((tx) => storeCharter(tx, judged, clock.now()));
      await links.offerCharter(input.id);
      return { version: judged.charter.version };
    }),
  };
}

export function relayProcedures(os: Guarded, services: ApiServices) {
  const { relays, tokens, links, trust, urls, actions } = services;
  return {
    list: os.relays.list.handler(async ({ context }) => {
      const all = await relays.list(context.scope);
      return { items: all.map((relay) => summaryOf(relay, services)) };
    }),
    createToken: os.relays.createToken.handler(async ({ input, context }) => {
      const secret = newSecret();
      const { id, expiresAt } = await tokens.create(context, { ...input, hash: hashSecret(secret) });
      const token = formatToken({ url: urls.enrolment, authority: trust.authority, id, secret });
      return { token, expiresAt, owner: trust.owner.id };
    }),
    revoke: os.relays.revoke.handler(async ({ input, context }) => {
      await relays.revoke(context, input.id);
      links.revoke(input.id);
      await actions.abandon(input.id);
      return { revoked: true as const };
    }),
  };
}

function summaryOf(relay: Relay, { links }: ApiServices): RelaySummary {
  const lanes = links.lanes(relay.id);
  return {
    id: relay.id,
    siteId: relay.siteId,
    siteName: relay.siteName,
    name: relay.name,
    kind: relay.kind,
    hostname: relay.hostname,
    version: relay.version,
    isConnected: lanes !== undefined,
    isRevoked: relay.revokedAt !== null,
    lastSeenAt: relay.lastSeenAt,
    clockSkewMs: relay.clockSkewMs,
    certificateExpiresAt: relay.certificateExpiresAt,
    devices: relay.devices,
    lanes: lanes ?? [],
  };
}
