// Joins what the relay keeps of its own site's past: day files beside the spool, the sealer that fills them, and who answers from them.
import path from 'node:path';
import { mebibytes, type RelayConfig } from '#relay/config/relay-config.ts';
import { HistoryDesk } from '#relay/history/history-desk.ts';
import { RelayHistory } from '#relay/history/relay-history.ts';
import { tellChunks, tellCoverage } from '#relay/history/tell-history.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Uplink } from '#relay/uplink/uplink.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError, type ErrorCode, WIRE_CODES } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import type { HistoryMessage } from '#shared/protocol/history.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';
import type { DeviceRooms } from './compose-devices.ts';

/** Faults of files that are remembered. */
const MAX_TOLD = 1_000;

interface Parts {
  clock: Clock;
  log: Logger;
  stack: StopStack;
  spool: Pick<Spool, 'addRecord'>;
  rooms: DeviceRooms;
  place: { site: SiteId; relay: RelayId };
  uplink: () => Uplink;
}

export interface History {
  receive: (question: HistoryMessage) => Promise<void>;
  /** Undefined where nothing is kept. */
  stats: () => { days: number; bytes: number } | undefined;
}

/** A folder that cannot be opened costs the history, not the relay: it polls, and says so. */
export function composeHistory(config: RelayConfig, parts: Parts): History {
  const { clock, stack, uplink } = parts;
  const log = parts.log.room('history');
  const store = config.history.days === 0 ? undefined : openStore(config, parts, log);
  const sealer = store && composeSealer(config, parts, store);
  const desk = new HistoryDesk({
    ...{ clock, log },
    answer: (question, maxBytes) => {
      if (store === undefined) throw new AppError('unavailable', 'this relay keeps no history');
      if (question.kind === 'coverage') return tellCoverage(store, question);
      return tellChunks(store, { ...question, maxBytes }, (error) =>
        log.warn(describeError(error), 'a kept hour is damaged'),
      );
    },
    room: () => uplink().historyRoom,
    tell: (body) => uplink().tell({ type: 'CHUNKS', body }),
  });
  stack.add('history answers', () => desk.stop());
  return {
    receive: (question) => desk.receive(question),
    stats: () => sealer?.stats(),
  };
}

function composeSealer(config: RelayConfig, parts: Parts, store: DayStore): RelayHistory {
  const { clock, stack, rooms, place } = parts;
  const sealer = new RelayHistory({
    ...{ clock, store, place },
    cache: rooms.cache,
    log: parts.log.room('history'),
    bounds: { days: config.history.days, bytes: mebibytes(config.history.quotaMiB) },
    onTrouble: (code, detail) => tell(parts, code, detail),
  });
  sealer.start();
  rooms.onPolled = (record) => sealer.note(record);
  stack.add('history', () => sealer.stop());
  return sealer;
}

function openStore(config: RelayConfig, parts: Parts, log: Logger): DayStore | undefined {
  try {
    // A day that is opened again and again says the same each time; at the bound some are told twice.
    const told = new Set<string>();
    const onDamage = (text: string) => {
      if (told.has(text)) return;
      if (told.size >= MAX_TOLD) told.clear();
      told.add(text);
      log.error({ damage: text }, 'the disk changed what was kept of the past');
      tell(parts, 'spool-corrupt', `history: ${text}`);
    };
    return new FileDayStore({ folder: path.join(config.data, 'history'), onDamage });
  } catch (error) {
    const { code, message } = describeError(error);
    tell(parts, code, `history: no folder for it: ${message}`);
    return undefined;
  }
}

/** A full disk takes no event either: the log has it, and polling goes on. */
function tell({ clock, log, spool }: Parts, code: ErrorCode, detail: string): void {
  const known = WIRE_CODES.includes(code) ? code : 'internal';
  try {
    const event = { type: 'relay-event', at: clock.now(), code: known, severity: 'warning' } as const;
    spool.addRecord(1, { ...event, detail: detail.slice(0, 1_000) });
  } catch (error) {
    log.room('history').error(describeError(error), 'an event of the history could not be kept');
  }
}
