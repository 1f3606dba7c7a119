// Joins what watching needs: the signed document and the members of its layers, the judges of all devices, and their findings.
import os from 'node:os';
import path from 'node:path';
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { KnownDevices } from '#relay/heal/known-devices.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { Enrolment } from '#relay/pin/identity.ts';
import { WatchStore } from '#relay/pin/watch-store.ts';
import type { RosterKeeper } from '#relay/poll/roster.ts';
import type { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { Vault } from '#relay/transport/vault.ts';
import { tellAccepted } from '#relay/watch/accepted-watch.ts';
import { DeviceSettings } from '#relay/watch/device-settings.ts';
import { FindingLedger } from '#relay/watch/finding-ledger.ts';
import { localSender } from '#relay/watch/local-send.ts';
import { LocalTell } from '#relay/watch/local-tell.ts';
import { MemberBook } from '#relay/watch/member-book.ts';
import { ParentCheck } from '#relay/watch/parent-check.ts';
import { SiteWatch } from '#relay/watch/site-watch.ts';
import { readDevices } from '#relay/watch/watch-table.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { WindowCalendar } from '#shared/judge/time/window.ts';
import type { LocalRoute, WatchDocument } from '#shared/model/watch-policy.ts';
import type { WatchMessage } from '#shared/protocol/watch.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';
import type { DeviceRooms } from './compose-devices.ts';
import { watchTaker } from './take-watch.ts';

interface Parts {
  clock: Clock;
  log: Logger;
  stack: StopStack;
  spool: DurableSpool;
  enrolment: Enrolment;
  charters: CharterStore;
  refusals: RefusalLog;
  known: Pick<KnownDevices, 'factsOf'>;
  /** Made later than the watch that they feed. */
  rooms: () => Pick<DeviceRooms, 'poller' | 'watch'>;
  roster: () => Pick<RosterKeeper, 'get'>;
  vault: Pick<Vault, 'get'>;
  isConsoleAway: () => boolean;
}

export interface Watching {
  site: SiteWatch;
  take: (message: WatchMessage) => Promise<void>;
  /** Ticks and the site's own mail: once all rooms stand and the roster is set. */
  start: () => void;
}

export function composeWatch(data: string, parts: Parts): Watching {
  const { clock, log, stack, spool, enrolment, charters, refusals } = parts;
  const store = WatchStore.open(data);
  const members = new MemberBook(path.join(data, 'watch-members.json'));
  let calendar = new WindowCalendar(store.document?.windows ?? []);
  const { site, ledger } = composeSite(parts, { store, members, calendar: () => calendar });
  const stopping = new AbortController();
  const local = composeLocal(data, parts, { store, ledger });
  let running: Promise<unknown> = Promise.resolve();
  const start = () => {
    running = Promise.all([site.run(stopping.signal), local.run(stopping.signal)]);
  };
  stack.add('watch', async () => {
    stopping.abort();
    await running;
    site.save();
  });
  const told = { transact: spool.transact.bind(spool), addRecord: spool.addRecord.bind(spool) };
  const tell = (document: WatchDocument | undefined) => tellAccepted(told, document, charters.now(clock));
  // One that a kill kept from the audit. A disk that takes nothing stops no start: it is told when the console sends the document again.
  try {
    tell(store.document);
  } catch (error) {
    log.room('watch').error(describeError(error), 'the watch document in force was not told in the audit yet');
  }
  const place = () => ({ site: enrolment.site, charter: charters.charter, now: charters.now(clock) });
  const onChange = () => {
    calendar = new WindowCalendar(store.document?.windows ?? []);
    site.settingsChanged();
    log.room('watch').info({ version: store.document?.version }, 'another word on watching is in force');
  };
  return { site, start, take: watchTaker({ place, store, members, tell, refusals, onChange }) };
}

/** The routes of the signed document that are for this site. */
function composeLocal(
  data: string,
  { clock, log, enrolment, roster, vault, isConsoleAway }: Parts,
  { store, ledger }: { store: WatchStore; ledger: FindingLedger },
): LocalTell {
  const isOurs = ({ sites }: LocalRoute) => sites === undefined || sites.includes(enrolment.site);
  return new LocalTell({
    ...{ clock, random: Math.random, log: log.room('watch'), ledger, isConsoleAway },
    file: path.join(data, 'watch-local.json'),
    relay: os.hostname(),
    routes: () => (store.document?.routes ?? []).filter(isOurs),
    nameOf: ({ device }) => roster().get(device)?.name ?? device,
    send: localSender({ credential: (name) => vault.get(name) }),
  });
}

interface Words {
  store: WatchStore;
  members: MemberBook;
  calendar: () => WindowCalendar;
}

function composeSite(parts: Parts, { store, members, calendar }: Words): { site: SiteWatch; ledger: FindingLedger } {
  const { clock, log, spool, enrolment, known, rooms, roster } = parts;
  const transact: DurableSpool['transact'] = (work) => spool.transact(work);
  const settings = new DeviceSettings({
    document: () => store.document,
    layersOf: (device) => members.layersOf(device),
    kindOf: (device) => site.kindOf(device),
    factsOf: (device) => known.factsOf(device),
  });
  const ledger = new FindingLedger({
    ...{ clock, transact },
    addRecord: (record) => spool.addRecord(1, record),
    onFlood: (device) =>
      spool.addRecord(1, {
        ...{ type: 'relay-event', at: clock.now(), code: 'rate-limited', severity: 'warning' },
        detail: `device ${device}: its findings come faster than anybody reads them; new ones are left out for now`,
      }),
    muting: ({ device, check }) => {
      const about = { site: enrolment.site, device, check, layers: site.layersOf(device) };
      return calendar().muting(about, clock.now())?.id;
    },
  });
  const parents = new ParentCheck({
    monotonic: () => clock.monotonic(),
    parentOf: (device) => members.parentOf(device),
    isHere: (device) => roster().get(device) !== undefined,
    isOut: (device) => site.isOut(device),
    isDown: (device) => rooms().watch.status(device) === 'down',
    pollNow: (device) => rooms().poller.pollNow(device),
  });
  const statusOf = (device: DeviceId) => rooms().watch.status(device);
  const onBad = (device: DeviceId, what: string) => log.room('watch').error({ device, what }, 'a judge begins anew');
  const remembered = transact((db) => readDevices(db, onBad));
  const site: SiteWatch = new SiteWatch({
    ...{ clock, log: log.room('watch'), ledger, settings, parents, transact, remembered, statusOf },
  });
  return { site, ledger };
}
