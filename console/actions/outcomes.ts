// Outcomes as relays tell them: each a step forward on one device; an action whose devices are all done is settled.
import type { Audit, AuditEntry } from '#console/audit/audit.ts';
import type { Link } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Tx } from '#console/store/engine.ts';
import { ManifestId, type SiteId } from '#shared/base/id.ts';
import type { CommandState, OutcomeRecord } from '#shared/model/record.ts';
import { type Action, lockActionsOf, setSent, settleFinished } from './action-repository.ts';
import { insertAttempts } from './attempt-repository.ts';
import { isFinal, mayMove } from './command-states.ts';
import { countStates, outcomeKey, replaceOutcomes, statesOf } from './outcome-repository.ts';

interface Rim {
  tx: Tx;
  audit: Audit;
  onSettled: (action: { id: ManifestId; siteId: SiteId }) => void;
  /** In the transaction: these have all their outcomes, but for devices that are away. */
  onEnded: (ids: readonly ManifestId[]) => Promise<void>;
  onMoved?: ((siteId: SiteId, moved: readonly OutcomeRecord[]) => void) | undefined;
}

/** Passes over actions of other relays, devices the action does not name, and what is no step forward. */
export async function applyOutcomes(rim: Rim, link: Link, records: readonly OutcomeRecord[]): Promise<void> {
  const { tx } = rim;
  if (records.length === 0) return;
  const actions = await lockActionsOf(
    tx,
    link.relay,
    records.map((record) => record.manifest),
  );
  const ids = [...actions.keys()];
  if (ids.length === 0) return;
  const states = await statesOf(tx, ids);
  const news = new Map<string, OutcomeRecord>();
  const tries: OutcomeRecord[] = [];
  for (const record of records) {
    const key = outcomeKey(record);
    const known = states.get(key);
    if (known === undefined || !mayMove(known, record.state)) continue;
    states.set(key, record.state);
    if (record.attempt !== undefined) tries.push(record);
    const earlier = news.get(key);
    // Two steps in one batch: the later one, with the start the earlier one told.
    news.set(key, { ...record, startedAt: record.startedAt ?? earlier?.startedAt });
  }
  if (news.size === 0) return;
  await replaceOutcomes(tx, [...news.values()].sort(byDevice));
  await insertAttempts(tx, tries.sort(byDevice));
  afterCommit(() => rim.onMoved?.(link.site, [...news.values()]));
  // A relay that answers has it, whatever the console remembered of sending.
  await setSent(tx, ids);
  const settled = await settleFinished(tx, ids);
  await rim.onEnded([...new Set([...settled, ...onlyWaiting(ids, states)])]);
  await auditNews(rim, link, [...news.values()], settled);
  for (const id of settled) {
    const action = actions.get(id);
    if (action !== undefined) afterCommit(() => rim.onSettled({ id, siteId: action.siteId }));
  }
}

/** Those of which every device that answers is done, and the others are away: what follows need not wait a day for them. */
function onlyWaiting(ids: readonly ManifestId[], states: ReadonlyMap<string, CommandState>): ManifestId[] {
  const counts = new Map(ids.map((id) => [id, { final: 0, waiting: 0, others: 0 }]));
  for (const [key, state] of states) {
    const count = counts.get(ManifestId.parse(key.slice(0, key.indexOf(' '))));
    if (count !== undefined) count[state === 'waiting' ? 'waiting' : isFinal(state) ? 'final' : 'others'] += 1;
  }
  return [...counts]
    .filter(([, { final, waiting, others }]) => final > 0 && waiting > 0 && others === 0)
    .map(([id]) => id);
}

const byDevice = (a: OutcomeRecord, b: OutcomeRecord): number => (outcomeKey(a) < outcomeKey(b) ? -1 : 1);

/** One row per refusal's reason and one per settled action: 500 devices that succeed are one row. */
async function auditNews(
  { tx, audit }: Rim,
  link: Link,
  news: readonly OutcomeRecord[],
  settled: readonly Action['id'][],
): Promise<void> {
  const refusals = new Map<string, AuditEntry & { devices: number }>();
  for (const { manifest, state, reason = 'internal', detail, device } of news) {
    if (state !== 'refused') continue;
    const key = `${manifest} ${reason}`;
    const devices = (refusals.get(key)?.devices ?? 0) + 1;
    refusals.set(key, {
      devices,
      actor: `relay:${link.relay}`,
      site: link.site,
      verb: 'action.refuse',
      resource: `action:${manifest}`,
      outcome: 'refused',
      detail: { reason, devices, device, detail },
    });
  }
  const counts = await countStates(tx, settled);
  const ends = settled.map((id): AuditEntry => {
    const of = counts.get(id) ?? {};
    const isGood = Object.keys(of).every((state) => state === 'succeeded');
    const outcome = isGood ? 'ok' : 'failed';
    const row = { verb: 'action.settle', resource: `action:${id}`, outcome, detail: of } as const;
    return { actor: `relay:${link.relay}`, site: link.site, ...row };
  });
  const rows = [...refusals.values()].map(({ devices: _, ...row }) => row);
  if (rows.length + ends.length > 0) await audit.appendMany(tx, [...rows, ...ends]);
}
