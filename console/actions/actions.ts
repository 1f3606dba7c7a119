// The queue of signed manifests: taken in, handed to relays, cancelled, expired; and what came of each on every device.
import { actorName, type Caller, reachOf } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { ownDevices } from '#console/devices/own-devices.ts';
import type { Link } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { PageOf, TimeBound } from '#console/store/cursor.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type DeviceId, ManifestId, type RelayId, type SiteId } from '#shared/base/id.ts';
import type { Manifest, Signature, SignedManifest } from '#shared/model/manifest.ts';
import type { AuditRecord, FiringRecord, OutcomeRecord } from '#shared/model/record.ts';
import type { Rollout } from '#shared/seal/rollout.ts';
import * as repository from './action-repository.ts';
import { waitingBatch, withOneMore } from './awaited-signatures.ts';
import { OPEN_STATES, UNHEARD_STATES } from './command-states.ts';
import { applyFirings } from './firings.ts';
import { followersOf, judgeFirst } from './first-relay.ts';
import { mustReach } from './order-reach.ts';
import {
  type ActionOutcome,
  countStates,
  type DeviceAction,
  deviceActionsBefore,
  insertTargets,
  listOutcomes,
  moveAll,
} from './outcome-repository.ts';
import { applyOutcomes } from './outcomes.ts';
import { endStaleScripts } from './stale-scripts.ts';

export type { ActionOutcome } from './outcome-repository.ts';

export interface ActionSummary extends repository.Action {
  /** Devices per state. */
  counts: Record<string, number>;
}

export interface ActionOutlets {
  /** Told after the commit: `due` has something for this relay. */
  onQueued: (relay: RelayId) => void;
  /** Told after the commit: a relay that has the action shall stop it, if its link is up. */
  onCancel: (relay: RelayId, action: ManifestId) => void;
  /** Told after the commit: what relays said of their own actions, and was news. */
  onMoved?: (siteId: SiteId, moved: readonly OutcomeRecord[]) => void;
  /** Told after the commit: people have signed, and it waits for more of them, or is on its way. */
  onSigned?: (action: { id: ManifestId; siteId: SiteId }, state: 'waiting-for-signature' | 'queued') => void;
  /** Told after the commit: each device has its final state. */
  onSettled: (action: { id: ManifestId; siteId: SiteId }) => void;
}

/** What one more signature made of a batch. */
export interface SignedBatch {
  ids: ManifestId[];
  lacks: string | undefined;
}

export interface OpenedManifest {
  manifest: Manifest;
  /** Key ids of those who signed it, with spaces between. */
  signer: string;
  /** Who still has to sign before it may go anywhere, in words; absent when nobody has. */
  lacks?: string | undefined;
  /** What its relay will do on its own; with a canary the other relays of a batch wait for the first. */
  rollout?: Rollout | undefined;
}

// One transaction's share; the caller comes again while there are more.
const MAX_EXPIRED = 100;

export class Actions {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #outlets: ActionOutlets;
  #open: (signed: SignedManifest) => Promise<OpenedManifest>;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    /** Proves a manifest against its site's charter and reads it; throws when it cannot. The relay proves it again. */
    open: (signed: SignedManifest) => Promise<OpenedManifest>;
    outlets: ActionOutlets;
  }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#open = deps.open;
    this.#outlets = deps.outlets;
  }

  /** Newest first. */
  async list(scope: Scope, page: repository.ActionsPage): Promise<PageOf<ActionSummary>> {
    const { items, nextCursor } = await repository.listActions(this.#store.db, scope, page);
    const counts = await countStates(
      this.#store.db,
      items.map((action) => action.id),
    );
    return { items: items.map((action) => ({ ...action, counts: counts.get(action.id) ?? {} })), nextCursor };
  }

  async find(
    scope: Scope,
    id: ManifestId,
  ): Promise<(ActionSummary & { manifest: string; outcomes: ActionOutcome[] }) | undefined> {
    const action = await repository.findAction(this.#store.db, scope, id);
    if (action === undefined) return undefined;
    const counts = await countStates(this.#store.db, [id]);
    const outcomes = await listOutcomes(this.#store.db, id, action.targets);
    const manifest = await repository.manifestTextOf(this.#store.db, id);
    return { ...action, counts: counts.get(id) ?? {}, manifest, outcomes };
  }

  /** A session that was ordered here, as whoever wants to enter it has to know it; undefined for what is none. */
  session(scope: Scope, id: ManifestId): Promise<repository.OrderedSession | undefined> {
    return repository.findSession(this.#store.db, scope, id);
  }

  /** Of one device, newest first; the caller has checked that the device may be seen. */
  ofDeviceBefore(device: DeviceId, bound: TimeBound | undefined, limit: number): Promise<DeviceAction[]> {
    return deviceActionsBefore(this.#store.db, device, bound, limit);
  }

  /** Queues manifests that human keys signed: all or none. Those that lack a signature wait for it, and go nowhere before. */
  async submit(caller: Caller, signed: readonly SignedManifest[]): Promise<ManifestId[]> {
    const opened: Array<OpenedManifest & { signed: SignedManifest }> = [];
    for (const one of signed) opened.push({ ...(await this.#open(one)), signed: one });
    await mustReach(this.#store.db, reachOf(caller), opened);
    const follows = followersOf(opened);
    await this.#store.transaction(async (tx) => {
      // One moment for all of a batch: lists know by it what was handed over together.
      const now = this.#clock.now();
      for (const one of opened) await this.#queue(tx, caller, { ...one, now, follows: follows.get(one.manifest.id) });
      await this.#audit.appendMany(
        tx,
        opened.map(({ manifest, signer, lacks }) => ({
          ...by(caller),
          verb: 'action.submit',
          resource: `action:${manifest.id}`,
          outcome: 'ok' as const,
          detail: {
            name: manifest.action.name,
            relay: manifest.relay,
            targets: manifest.targets.length,
            signer,
            lacks,
            reason: manifest.reason,
          },
        })),
      );
    });
    return opened.map(({ manifest }) => manifest.id);
  }

  /** All manifests that wait under the same signature as `id`: what another person has to look at before signing. */
  async batch(scope: Scope, id: ManifestId): Promise<SignedManifest[]> {
    return (await waitingBatch(this.#store.db, scope, id)).map(({ signed }) => signed);
  }

  /** Adds one signature to the batch `id` waits in; what then lacks none is queued. Returns what is still lacking, in words. */
  async sign(caller: Caller, scope: Scope, id: ManifestId, signature: Signature): Promise<SignedBatch> {
    const waiting = await waitingBatch(this.#store.db, scope, id);
    const next: Array<OpenedManifest & { before: SignedManifest; signed: SignedManifest }> = [];
    for (const { signed: before } of waiting) {
      const signed = withOneMore(before, signature);
      next.push({ ...(await this.#open(signed)), before, signed });
    }
    await this.#store.transaction(async (tx) => {
      for (const one of next) await this.#replace(tx, one);
      const rows = next.map(({ manifest, signer, lacks }) => ({
        verb: 'action.sign',
        resource: `action:${manifest.id}`,
        outcome: 'ok' as const,
        detail: { signer, lacks },
      }));
      await this.#audit.appendMany(
        tx,
        rows.map((row) => ({ ...by(caller), ...row })),
      );
    });
    return {
      ids: next.map(({ manifest }) => manifest.id),
      lacks: next.find(({ lacks }) => lacks !== undefined)?.lacks,
    };
  }

  /** What is queued goes nowhere; what a relay has is stopped there. Cancelling what is settled changes nothing. */
  async cancel(caller: Caller, scope: Scope, id: ManifestId): Promise<void> {
    const now = this.#clock.now();
    await this.#store.transaction(async (tx) => {
      const action = await repository.lockAction(tx, scope, id);
      if (action === undefined) throw new AppError('not-found', `action ${id} does not exist`);
      if (action.state === 'settled' || action.cancelAskedAt !== null) return;
      await repository.setCancelAsked(tx, id, now);
      if (action.state !== 'sent') await this.#end(tx, [action], { from: UNHEARD_STATES, to: 'cancelled', at: now });
      else afterCommit(() => this.#outlets.onCancel(action.relayId, id));
      const row = {
        verb: 'action.cancel',
        resource: `action:${id}`,
        outcome: 'ok' as const,
        detail: { was: action.state },
      };
      await this.#audit.append(tx, { ...by(caller), ...row });
    });
  }

  /**
   * What the relay shall get, oldest first, marked as sent before it is: a queued action was certainly never sent, so that
   * cancelling one is the whole truth. What was sent and never answered for is among them: the relay runs each id once.
   */
  async due(
    relay: RelayId,
    limit: number,
    after?: ManifestId,
  ): Promise<Array<{ id: ManifestId; signed: SignedManifest }>> {
    const now = this.#clock.now();
    return await this.#store.transaction(async (tx) => {
      const due = await repository.lockDue(tx, relay, { now, limit, after });
      const ids = due.map((action) => action.id);
      await repository.setSent(tx, ids);
      await moveAll(tx, ids, { from: ['queued'], to: 'sent', at: now });
      return due;
    });
  }

  /** Actions a person cancelled that this relay has and has not settled. */
  cancelled(relay: RelayId): Promise<ManifestId[]> {
    return repository.listCancelAsked(this.#store.db, relay);
  }

  /** Its relay is too old for it: nothing of it was handed over, so nothing of it ran. */
  async refuse(relay: RelayId, id: ManifestId, detail: string): Promise<void> {
    await this.#store.transaction(async (tx) => {
      const actions = [...(await repository.lockActionsOf(tx, relay, [id])).values()];
      await this.#end(tx, actions, { from: UNHEARD_STATES, to: 'refused', at: this.#clock.now(), detail });
      await this.#auditEnds(tx, actions, 'action.refuse');
    });
  }

  /** Ends queued actions that no relay took in time; returns how many. Comes again at once while there are as many. */
  async expire(now: number): Promise<number> {
    return await this.#store.transaction(async (tx) => {
      const due = await repository.lockExpired(tx, now, MAX_EXPIRED);
      await this.#end(tx, due, { from: UNHEARD_STATES, to: 'expired', at: now });
      await this.#auditEnds(tx, due, 'action.expire');
      return due.length;
    });
  }

  /** A revoked relay answers no more: what it never took is cancelled, what it had is unknown. */
  async abandon(relay: RelayId): Promise<void> {
    await this.#store.transaction((tx) => this.abandonIn(tx, [relay], 'the relay was revoked'));
  }

  /** The same inside the transaction that removes the relays; call it late, it takes the audit chain's lock. */
  async abandonIn(tx: Tx, relays: readonly RelayId[], detail: string): Promise<void> {
    const at = this.#clock.now();
    for (const relay of relays) {
      const open = await repository.lockOpenOf(tx, relay);
      const queued = open.filter((action) => action.state !== 'sent');
      const sent = open.filter((action) => action.state === 'sent');
      await this.#end(tx, queued, { from: UNHEARD_STATES, to: 'cancelled', at, detail });
      await this.#end(tx, sent, { from: OPEN_STATES, to: 'unknown', at, detail });
      await this.#auditEnds(tx, open, 'action.abandon');
    }
  }

  /** A version of a script is not the newest any more; inside the transaction that says so. */
  endScriptIn(tx: Tx, hash: string): Promise<void> {
    const end: Parameters<typeof endStaleScripts>[0]['end'] = (some, move) => this.#end(tx, some, move);
    const audit = (some: readonly repository.Action[]) => this.#auditEnds(tx, some, 'action.stale');
    const { onCancel } = this.#outlets;
    return endStaleScripts({ tx, hash, at: this.#clock.now(), end, audit, onCancel });
  }

  /** Outcomes of one batch, inside its transaction. */
  applyOutcomes(tx: Tx, link: Link, records: readonly OutcomeRecord[]): Promise<void> {
    const { onSettled, onMoved } = this.#outlets;
    const onEnded = (ids: readonly ManifestId[]) => this.#release(tx, ids);
    return applyOutcomes({ tx, audit: this.#audit, onSettled, onMoved, onEnded }, link, records);
  }

  /** What relays ran of themselves becomes actions, so that their outcomes are kept and shown like any other. */
  applyFirings(tx: Tx, link: Link, records: readonly FiringRecord[]): Promise<void> {
    return applyFirings(tx, link, records);
  }

  /** The relay refused whole manifests before it took them: what it has not answered for is refused. */
  async applyRefusals(tx: Tx, link: Link, records: readonly AuditRecord[]): Promise<void> {
    const refused = new Map<ManifestId, AuditRecord>();
    for (const record of records) {
      const id = ManifestId.safeParse(record.manifest);
      if (record.verb === 'manifest.refuse' && id.success) refused.set(id.data, record);
    }
    if (refused.size === 0) return;
    const actions = await repository.lockActionsOf(tx, link.relay, [...refused.keys()]);
    for (const [id, action] of actions) {
      const { at, detail } = refused.get(id) ?? { at: this.#clock.now(), detail: '' };
      await this.#end(tx, [action], { from: UNHEARD_STATES, to: 'refused', at, detail: storedText(detail) });
    }
  }

  async #queue(
    tx: Tx,
    caller: Caller,
    opened: OpenedManifest & Pick<repository.NewAction, 'signed' | 'follows'> & { now: number },
  ) {
    const { manifest, signed, signer, lacks, follows, now } = opened;
    const name = `manifest ${manifest.id}`;
    if (manifest.exp <= now) throw new AppError('manifest-expired', `${name} expired before it was queued`);
    await checkPlace(tx, manifest);
    const createdBy = actorName(caller.actor);
    const state = lacks === undefined ? 'queued' : 'waiting-for-signature';
    if (!(await repository.insertAction(tx, { manifest, signed, signer, createdBy, createdAt: now, state, follows })))
      throw new AppError('manifest-replayed', `${name} was queued before; each id is used once`);
    await insertTargets(
      tx,
      manifest.id,
      manifest.targets.map((target) => target.device),
      now,
    );
    this.#tellSigned(manifest, state);
  }

  async #replace(tx: Tx, one: OpenedManifest & { before: SignedManifest; signed: SignedManifest }): Promise<void> {
    const { manifest, before, signed, signer, lacks } = one;
    const state = lacks === undefined ? 'queued' : 'waiting-for-signature';
    if (!(await repository.replaceSigned(tx, manifest.id, { before, signed, signer, state })))
      throw new AppError('conflict', `action ${manifest.id} changed meanwhile; look at it again`);
    this.#tellSigned(manifest, state);
  }

  #tellSigned({ id, site, relay }: Manifest, state: 'waiting-for-signature' | 'queued'): void {
    if (state === 'queued') afterCommit(() => this.#outlets.onQueued(relay));
    afterCommit(() => this.#outlets.onSigned?.({ id, siteId: site }, state));
  }

  async #end(tx: Tx, actions: readonly repository.Action[], move: Parameters<typeof moveAll>[2]): Promise<void> {
    const ids = actions.map((action) => action.id);
    await moveAll(tx, ids, move);
    const settled = new Set(await repository.settleFinished(tx, ids));
    await this.#release(tx, [...settled]);
    for (const { id, siteId } of actions)
      if (settled.has(id)) afterCommit(() => this.#outlets.onSettled({ id, siteId }));
  }

  /** What waited for these goes to its relays, or ends unheard by any. */
  async #release(tx: Tx, ids: readonly ManifestId[]): Promise<void> {
    for (const id of ids) {
      const { free, halted, why } = await judgeFirst(tx, id);
      for (const { relayId } of free) afterCommit(() => this.#outlets.onQueued(relayId));
      if (halted.length === 0) continue;
      const at = this.#clock.now();
      await this.#end(tx, halted, { from: UNHEARD_STATES, to: 'halted', at, detail: why });
      await this.#auditEnds(tx, halted, 'action.halt');
    }
  }

  async #auditEnds(tx: Tx, actions: readonly repository.Action[], verb: string): Promise<void> {
    const rows = actions.map(({ id, relayId, targets }) => ({
      actor: 'system:actions',
      verb,
      resource: `action:${id}`,
      outcome: 'failed' as const,
      detail: { relay: relayId, targets },
    }));
    if (rows.length > 0) await this.#audit.appendMany(tx, rows);
  }
}

const by = (caller: Caller) => ({ actor: actorName(caller.actor), address: caller.address });

/** The relay is of that site and polls every target now; the relay itself refuses what it does not poll. */
async function checkPlace(tx: Tx, manifest: Manifest): Promise<void> {
  const name = `manifest ${manifest.id}`;
  const relay = await tx
    .selectFrom('relay')
    .select(['site_id', 'revoked_at'])
    .where('id', '=', manifest.relay)
    .executeTakeFirst();
  if (relay === undefined || relay.site_id !== manifest.site)
    throw new AppError('manifest-retargeted', `${name}: site ${manifest.site} has no relay ${manifest.relay}`);
  if (relay.revoked_at !== null) throw new AppError('conflict', `${name}: relay ${manifest.relay} is revoked`);
  const targets = manifest.targets.map((target) => target.device);
  const own = await ownDevices(tx, manifest.relay, targets);
  const foreign = targets.find((device) => !own.has(device));
  if (foreign !== undefined)
    throw new AppError('manifest-retargeted', `${name}: relay ${manifest.relay} does not poll device ${foreign}`);
}
