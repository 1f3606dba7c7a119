// What a relay can be told, with its defaults.
import { z } from 'zod';
import { EVENT_FILTERS, EventFilter } from '#relay/collect/event-log.ts';
import { Realm } from '#shared/model/device.ts';
import { SoftwareRules } from '#shared/model/software-rules.ts';
import { LOG_LEVELS } from '#shared/runtime/logger.ts';

const MIB = 1024 * 1024;

export const RelayConfig = z.strictObject({
  /** Identity, pins, credentials, spool: everything of this relay. */
  data: z.string().min(1).default('./relay-data'),
  log: z.enum(LOG_LEVELS).default('info'),
  spool: z
    .strictObject({
      /** 2 GiB: about 30 days of a 500-device site at one poll a minute. */
      quotaMiB: z.int().min(16).max(1_048_576).default(2_048),
    })
    .prefault({}),
  cache: z
    .strictObject({
      /** 24 h of 500 devices x 30 series take about 30 MB. */
      quotaMiB: z.int().min(8).max(16_384).default(128),
    })
    .prefault({}),
  history: z
    .strictObject({
      /** Of its own site's raw values, in day files beside the spool; 0 keeps none. The console asks for at most 31. */
      days: z.int().min(0).max(31).default(30),
      /** 2 GiB: 500 devices of 30 series take 24 MB a day. */
      quotaMiB: z.int().min(16).max(1_048_576).default(2_048),
    })
    .prefault({}),
  poll: z
    .strictObject({
      /** Polls under way at once over all devices. */
      concurrency: z.int().min(1).max(1_000).default(64),
      timeoutMs: z.int().min(1_000).max(120_000).default(20_000),
    })
    .prefault({}),
  events: z
    .strictObject({
      /** Between two readings of a device's event logs; 0 turns them off. */
      everyMinutes: z.int().min(0).max(1_440).default(5),
      /** Which entries are worth carrying: logs by name, with levels, ids and sources. */
      logs: z
        .array(EventFilter)
        .max(20)
        .refine((logs) => new Set(logs.map(({ log }) => log)).size === logs.length, 'a log is named twice')
        .default([...EVENT_FILTERS]),
    })
    .prefault({}),
  /** What may, must and must not be installed on the devices of this site. */
  software: SoftwareRules.prefault({}),
  ssh: z
    .strictObject({
      /**
       * `pin-on-first-use` pins the first host key seen and reports it; `refuse` waits for a signer. It holds for the keys of
       * Windows machines in TLS as well.
       */
      unknownHostKey: z.enum(['pin-on-first-use', 'refuse']).default('pin-on-first-use'),
    })
    .prefault({}),
  kerberos: z
    .strictObject({
      /** A krb5.conf of the site; empty: the machine's own. No console can set it. */
      config: z.string().max(1_024).default(''),
      /** Realms that a console may name for a device: whoever answers for one gets a proof of passwords that can be guessed at. */
      realms: z.array(Realm).max(16).default([]),
    })
    .prefault({}),
  hooks: z
    .strictObject({
      /** Programs that fetch logins, one per hook; empty: `hooks` in the data folder. No console can set it. */
      folder: z.string().max(1_024).default(''),
    })
    .prefault({}),
  probe: z
    .strictObject({
      /** For a simulated site, whose devices live on the relay's own machine; else its loopback is nobody's business. */
      allowLoopback: z.boolean().default(false),
    })
    .prefault({}),
});
export type RelayConfig = z.infer<typeof RelayConfig>;

/** Bytes of a configured number of MiB. */
export const mebibytes = (n: number): number => n * MIB;
