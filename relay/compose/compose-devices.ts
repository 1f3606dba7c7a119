// Joins the rooms that meet devices: transports, pool, collectors, poller, watch, cache.
import path from 'node:path';
import { HotCache } from '#relay/cache/hot-cache.ts';
import { collectorList } from '#relay/collect/collector-list.ts';
import { type SmbPostureDeps, withSmbPosture } from '#relay/collect/smb-posture.ts';
import { softwareAudit } from '#relay/collect/software-audit.ts';
import { mebibytes, type RelayConfig } from '#relay/config/relay-config.ts';
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { KnownDevices } from '#relay/heal/known-devices.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { StoredDevicePins } from '#relay/pin/device-pins.ts';
import { EventLogs, type EventLogsDeps } from '#relay/poll/event-logs.ts';
import { EventMarkStore } from '#relay/poll/event-marks.ts';
import { FactLedger } from '#relay/poll/fact-ledger.ts';
import { factRecord } from '#relay/poll/fact-record.ts';
import { INVENTORY_EVERY_MS, Poller } from '#relay/poll/poller.ts';
import { ScriptValues } from '#relay/poll/script-values.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { IdentityEvent } from '#relay/transport/identity-check.ts';
import { DeviceSessions } from '#relay/transport/pool.ts';
import { probePosture } from '#relay/transport/smb/posture.ts';
import type { Vault } from '#relay/transport/vault.ts';
import { DeviceWatch } from '#relay/watch/device-watch.ts';
import type { SiteWatch } from '#relay/watch/site-watch.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError, type ErrorCode } from '#shared/base/errors.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { FailureReason } from '#shared/base/outcome.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { AuditRecord, IdentityRecord, StateRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';
import { composeTransports } from './compose-transports.ts';

export interface DeviceRoomsDeps {
  clock: Clock;
  log: Logger;
  stack: StopStack;
  spool: Spool;
  pins: StoredDevicePins;
  charters: Pick<CharterStore, 'charter'>;
  vault: Pick<Vault, 'get' | 'list' | 'spare'>;
  refusals: Pick<RefusalLog, 'tell'>;
  /** After it is in the spool. */
  onState: (record: StateRecord) => void;
  known: Pick<KnownDevices, 'noteSession' | 'noteFact'>;
  /** Judges what is polled, once it is in cache and spool. */
  site: Pick<SiteWatch, 'shown' | 'polled' | 'tried' | 'settled' | 'fact' | 'event'>;
}

export interface DeviceRooms {
  pool: DeviceSessions;
  poller: Poller;
  watch: DeviceWatch;
  cache: HotCache;
  scripts: ScriptValues;
  /** Set by whoever comes later: told of each poll once it is in cache and spool. */
  onPolled?: (record: PollRecord) => void;
}

/** A record's text members are bounded; what a device calls itself is cut, not refused. */
function identityRecord(event: IdentityEvent, at: number): IdentityRecord {
  const { device, verdict, identity, system, hostname } = event;
  const record: IdentityRecord = { type: 'identity', device, at, verdict, identity, system };
  return hostname === undefined ? record : { ...record, hostname: hostname.slice(0, 253) };
}

/** Why no login was offered, and the code under which the audit keeps it. */
const LOGIN_REFUSALS: Partial<Record<FailureReason, ErrorCode>> = {
  'credential-not-allowed': 'denied',
  'host-key-unknown': 'denied',
  'host-key-changed': 'identity-changed',
  'identity-changed': 'identity-changed',
};

/** A device that gets no login is more than a device that is down: somebody may have pointed it elsewhere. */
function loginRefusal({ device, at, reason, detail = '' }: StateRecord): AuditRecord | undefined {
  const code = reason === undefined ? undefined : LOGIN_REFUSALS[reason];
  if (code === undefined) return undefined;
  return { type: 'audit', at, verb: 'login.refuse', device, code, detail: `${reason}: ${detail}`.slice(0, 1_000) };
}

function eventLogsOf(
  config: RelayConfig,
  deps: Pick<DeviceRoomsDeps, 'clock' | 'log' | 'spool' | 'site'> &
    Pick<EventLogsDeps, 'pool' | 'collectorFor'> & { ledger: FactLedger },
): EventLogs {
  const { clock, log, spool, pool, collectorFor, ledger, site } = deps;
  return new EventLogs({
    ...{ clock, pool, collectorFor },
    log: log.room('poll'),
    marks: new EventMarkStore({ clock, file: path.join(config.data, 'event-marks.json') }),
    filters: config.events.logs,
    everyMs: config.events.everyMinutes * 60_000,
    onEvent: (record) => {
      spool.addRecord(3, record);
      site.event(record);
    },
    onFact: (device, fact) => {
      const record = factRecord(device, clock.now(), fact);
      if (ledger.isNews(device, record.kind, record.hash)) spool.addRecord(3, record);
      site.fact(record);
    },
  });
}

// 3 s: whoever drops packets at 445 keeps the inventory waiting no longer.
const POSTURE_MS = { connectMs: 3_000, replyMs: 5_000 };

const smbPostureDeps = (clock: Clock): SmbPostureDeps => ({
  clock,
  probe: (target, signal) => probePosture(target, { clock, random: systemRandom, ...POSTURE_MS }, signal),
});

export function composeDevices(config: RelayConfig, deps: DeviceRoomsDeps): DeviceRooms {
  const { clock, log, stack, spool, pins, charters, vault, refusals, known, site } = deps;
  const random = systemRandom;
  const { transports, ways } = composeTransports(config, { clock, log, spool, pins, charters, vault, refusals });
  // A disk that takes no note stops no poll: a rule then goes by what was known before.
  const noted = (note: () => void) => {
    try {
      note();
    } catch (error) {
      log.room('heal').error(describeError(error), 'what a device is was not written down');
    }
  };
  const pool = new DeviceSessions({
    clock,
    transports,
    ways,
    pins,
    onSession: ({ device, transport }, session) => noted(() => known.noteSession(device, transport, session)),
    onIdentity: (event) => {
      log.info({ device: event.device, verdict: event.verdict }, 'device identity');
      spool.addRecord(1, identityRecord(event, clock.now()));
    },
  });
  stack.add('device sessions', () => pool.stop());

  const cache = new HotCache({ clock, quotaBytes: mebibytes(config.cache.quotaMiB) });
  const refilled = cache.refill(spool.recentPolls(clock.now() - 86_400_000));
  log.info({ polls: refilled }, 'hot cache refilled from the spool');

  const watch = new DeviceWatch({
    onState: (record) => {
      spool.addRecord(1, site.shown(record));
      const refusal = loginRefusal(record);
      if (refusal !== undefined) refusals.tell(refusal);
      deps.onState(record);
    },
    onEvent: (record) => spool.addRecord(1, record),
  });
  const collectorFor = withSmbPosture(collectorList(random), smbPostureDeps(clock));
  const ledger = new FactLedger({ clock, file: path.join(config.data, 'facts-sent.json') });
  const scripts = new ScriptValues({ now: () => clock.monotonic() });
  const poller = new Poller(
    {
      clock,
      log: log.room('poll'),
      pool,
      collectorFor,
      ledger,
      scripts,
      onPoll: (record) => {
        const former = cache.last(record.device);
        cache.add(record);
        spool.addPoll(record);
        rooms.onPolled?.(record);
        site.polled(former, record);
      },
      onFact: (record) => {
        spool.addRecord(3, record);
        noted(() => known.noteFact(record));
      },
      onRead: (record) => site.fact(record),
      onOutcome: (outcome) => {
        site.tried(outcome);
        watch.observe(outcome);
        site.settled(outcome);
      },
      judge: (system, facts) => softwareAudit(system, facts, config.software),
      events: eventLogsOf(config, { clock, log, spool, pool, collectorFor, ledger, site }),
    },
    { concurrency: config.poll.concurrency, timeoutMs: config.poll.timeoutMs, inventoryEveryMs: INVENTORY_EVERY_MS },
  );
  stack.add('poller', () => poller.stop());
  const rooms: DeviceRooms = { pool, poller, watch, scripts, cache };
  return rooms;
}
