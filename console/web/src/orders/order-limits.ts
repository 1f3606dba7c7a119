// What relays would refuse of an order for its size: told before anybody signs it.
import type { Charter } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { Order, OrderDraft } from '#shared/seal/order-draft.ts';
import { rolloutOf, waveEnds } from '#shared/seal/rollout.ts';

export type OrderLimit = { limit: 'devices' | 'timeoutMs'; asked: number; allowed: number };

/** The first bound that the order exceeds, by the smallest charter among its sites; undefined when it keeps them all. */
export function exceededBy(
  order: Pick<Order, 'targets' | 'timeoutMs'>,
  rule: OrderDraft['rule'],
  charters: readonly Charter[],
): OrderLimit | undefined {
  const bounds: OrderLimit[] = [
    { limit: 'devices', asked: order.targets.length, allowed: rule.devicesPerBatch },
    { limit: 'timeoutMs', asked: order.timeoutMs, allowed: Math.min(...charters.map(({ caps }) => caps.maxTimeoutMs)) },
  ];
  return bounds.find(({ asked, allowed }) => asked > allowed);
}

/** Kept of each device's output: as the command line asks, and never more than a charter lets. */
const OUTPUT_BYTES = 256 * 1024;
export const outputBytes = (charters: readonly Charter[]): number =>
  Math.min(OUTPUT_BYTES, ...charters.map(({ caps }) => caps.maxOutputBytes));

/** Longer it cannot take once a relay has it: the wait before its start, and every device as slow as it may be, wave by wave. */
export function longestMs(manifests: readonly Manifest[], rule: OrderDraft['rule']): number {
  const spent = manifests.map((manifest) => {
    const { timeoutMs, concurrency } = manifest.caps;
    const ends = waveEnds(manifest.targets.length, rolloutOf(manifest, rule).canary);
    const rounds = ends.map((end, n) => Math.ceil((end - (ends[n - 1] ?? 0)) / concurrency));
    return rounds.reduce((sum, count) => sum + count, 0) * timeoutMs;
  });
  return rule.stopMs + Math.max(0, ...spent);
}
