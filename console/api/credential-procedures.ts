// Sealed credentials: what the console may say of them, which is everything but what is sealed.
import type { CredentialRow } from '#console/trust/credential-service.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { CredentialSummary } from '#shared/contract/credential-contract.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function credentialProcedures(os: Guarded, { credentials, relays, links }: ApiServices) {
  return {
    list: os.credentials.list.handler(async ({ context }) => {
      const { rows, vaults } = await credentials.list(context.scope);
      const gone = new Set(
        (await relays.list(context.scope)).flatMap((one) => (one.revokedAt === null ? [] : [one.id])),
      );
      const told = new Map(vaults.map(({ relay, vault }) => [relay, vault]));
      return {
        items: rows.map((row) => summaryOf(row, told.get(row.statement.relay), gone)),
        vaults: vaults.map(({ relay, vault, toldAt }) => ({ relayId: relay, sealingKey: vault.sealingKey, toldAt })),
      };
    }),
    show: os.credentials.show.handler(async ({ input: { relayId: relay, name, slot }, context }) => ({
      sealed: await credentials.show(context.scope, { relay, name, slot }),
    })),
    put: os.credentials.put.handler(async ({ input, context }) => {
      const { relay, name, slot, version } = await credentials.put(context, context.scope, input.sealed);
      return { name, slot, version, isTold: links.offerCredential(relay, input.sealed) };
    }),
    remove: os.credentials.remove.handler(async ({ input: { relayId: relay, name, slot }, context }) => {
      await credentials.remove(context, context.scope, { relay, name, slot });
      return { removed: true as const };
    }),
  };
}

function summaryOf(
  { statement, signer, storedAt }: CredentialRow,
  vault: RelayVault | undefined,
  gone: ReadonlySet<RelayId>,
): CredentialSummary {
  const {
    relay,
    site,
    name,
    slot,
    version,
    issuedAt,
    notAfter = null,
    shown = null,
    promotes = null,
    boxes,
  } = statement;
  const held = vault?.held.find((one) => one.name === name && one.slot === slot && one.version === version);
  const isToItsKey = vault === undefined || boxes.some(({ to }) => to === vault.sealingKey.id);
  const isRevoked = boxes.length === 0;
  return {
    relayId: relay,
    siteId: site,
    name,
    slot,
    version,
    issuedAt,
    notAfter,
    shown,
    promotes,
    signer,
    storedAt,
    sealedTo: boxes.map(({ to }) => to),
    state: held?.state ?? 'waiting',
    needsSealing: !isRevoked && (gone.has(relay) || !isToItsKey || held?.state === 'unreadable'),
  };
}
