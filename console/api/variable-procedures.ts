// Sealed variables: what the console may say of them, which is everything but their values.
import type { VariableHolder, VariableRow } from '#console/trust/variable-service.ts';
import type { VariableSummary } from '#shared/contract/variable-contract.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

export function variableProcedures(os: Guarded, { variables, links }: ApiServices) {
  return {
    list: os.variables.list.handler(async ({ input: { siteId }, context }) => {
      const { rows, holders } = await variables.list(context.scope, siteId);
      return { items: rows.map((row) => summaryOf(row, holders)) };
    }),
    put: os.variables.put.handler(async ({ input: { sealed }, context }) => {
      const { name, version, site } = await variables.put(context, context.scope, sealed);
      return { name, version, told: links.offerVariable(site, sealed) };
    }),
  };
}

function summaryOf({ statement, signer, storedAt }: VariableRow, holders: readonly VariableHolder[]): VariableSummary {
  const { site, name, version, issuedAt, use, boxes } = statement;
  const isDeleted = boxes.length === 0;
  return {
    siteId: site,
    name,
    version,
    issuedAt,
    storedAt,
    notAfter: use?.notAfter ?? null,
    actions: use?.actions ?? [],
    signer,
    isDeleted,
    sealedTo: boxes.map(({ to }) => to),
    relays: holders
      .filter((holder) => holder.site === site)
      .map(({ relay, vault }) => {
        const held = vault?.variables?.find((one) => one.name === name);
        const isCurrent = held?.version === version;
        // What it never had it need not forget.
        const waits = isDeleted && held === undefined ? 'deleted' : 'waiting';
        const isToItsKey = vault === undefined || boxes.some(({ to }) => to === vault.sealingKey.id);
        const state = isCurrent ? held.state : waits;
        return { relayId: relay, state, needsSealing: !isDeleted && (!isToItsKey || state === 'unreadable') };
      }),
  };
}
