// A console and its relays over real links: what a thief of the console's process holds, and what each relay logs and stores.
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Api } from '#console/cli/client.ts';
import { apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { composeParts } from '#console/compose/compose-console.ts';
import { composePorts } from '#console/compose/compose-ports.ts';
import { prepareProfile } from '#console/compose/compose-trust.ts';
import { ConsoleConfig } from '#console/config/console-config.ts';
import type { LinkRegistry } from '#console/gateway/link-registry.ts';
import type { Store } from '#console/store/database.ts';
import { enrolThisMachine } from '#relay/commands/enrol-this-machine.ts';
import { composeRelay } from '#relay/compose/compose-relay.ts';
import { RelayConfig } from '#relay/config/relay-config.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { signCharter } from '#shared/seal/charter-seal.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import type { Ending } from './ending.ts';
import type { OwnedRelay } from './owned-documents.ts';

const STOP_EACH_MS = 3_000;

export interface LinkedRelay extends OwnedRelay {
  data: string;
  /** Refusals that its own log holds. */
  alarms: () => number;
  /** Orders it has taken, as its journal says. */
  taken: () => number;
  isLinked: () => boolean;
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface LinkedEstate {
  api: Api;
  data: string;
  site: SiteId;
  registry: LinkRegistry;
  /** The trail's own parts: who owns the console's process has them. */
  trail: Pick<Awaited<ReturnType<typeof composeParts>>, 'audit' | 'audited'> & { store: Store };
  relays: LinkedRelay[];
  /** The console's own database, read beside it. */
  database: Database.Database;
}

export async function startLinkedEstate(folder: string, count: number, ending: Ending): Promise<LinkedEstate> {
  const data = path.join(folder, 'console');
  const stack = new StopStack({ clock: systemClock, log: silentLogger });
  ending.add(() => stack.stop(STOP_EACH_MS));
  const listen = { httpPort: 0, httpsPort: 0, relayPort: 0 };
  const config = ConsoleConfig.parse({ data, listen });
  const deps = { clock: systemClock, log: silentLogger, stack };
  const parts = await composeParts(config, deps);
  const { url } = await composePorts(config, deps, parts);
  await parts.loaded;
  await prepareProfile(data, parts.services.people, url);
  const api = apiClient(await loadProfile({ data }, {}));
  const { id: site } = await api.sites.create({ name: 'Owned', isSimulated: true });
  const { registry } = parts;
  const relays: LinkedRelay[] = [];
  for (let n = 0; n < count; n += 1) {
    const made = await api.relays.createToken({ siteId: site });
    const own = path.join(folder, `relay-${n}`);
    const { relay } = await enrolThisMachine({ data: own, token: made.token, owner: made.owner, kind: 'site' });
    relays.push(linkedRelay(own, relay, registry, ending));
  }
  const database = new Database(path.join(data, 'console.db'), { readonly: true });
  ending.add(() => void database.close());
  const trail = { audit: parts.audit, audited: parts.audited, store: parts.services.store };
  return { api, data, site, registry, relays, database, trail };
}

function linkedRelay(data: string, relay: RelayId, registry: LinkRegistry, ending: Ending): LinkedRelay {
  let stack: StopStack | undefined;
  let alarms = 0;
  const log: Logger = {
    ...silentLogger,
    warn: (_fields, what) => {
      if (what === 'refused') alarms += 1;
    },
    room: () => log,
  };
  const stop = async () => {
    await stack?.stop(STOP_EACH_MS);
    stack = undefined;
  };
  ending.add(stop);
  const must = (isSent: boolean) => {
    if (!isSent) throw new Error(`relay ${relay} is not linked`);
  };
  return {
    data,
    relay,
    alarms: () => alarms,
    taken: () => takenAt(data),
    isLinked: () => registry.get(relay) !== undefined,
    start: async () => {
      stack = new StopStack({ clock: systemClock, log: silentLogger });
      await composeRelay(RelayConfig.parse({ data }), { clock: systemClock, log, stack });
    },
    stop,
    receive: async (signed) => must(registry.send(relay, 'COMMAND', { kind: 'run', signed })),
    takeCharter: async (signed) => must(registry.send(relay, 'CHARTER', { signed })),
    takeBrake: async (signed) => must(registry.send(relay, 'FREEZE', { signed })),
    takeStanding: async (signed) => must(registry.send(relay, 'STANDING', { signed })),
  };
}

function takenAt(data: string): number {
  const db = new Database(path.join(data, 'spool.db'), { readonly: true });
  const row = db.prepare<[], { n: number }>("select count(*) as n from journal where state <> 'refused'").get();
  db.close();
  return row?.n ?? 0;
}

/** The charter of the site from now on, signed by the owner's key that still lies on the console's disk. */
export async function putCharter({ api, data, site }: LinkedEstate, charter: Charter): Promise<void> {
  const owner = await importSigningKey(readPrivateFile(path.join(data, 'owner', 'owner.key')) ?? '');
  await api.sites.putCharter({ id: site, signed: await signCharter(charter, [owner]) });
}

/** Refusals in the console's audit, by the relay that told them; each look reads on from the last one. */
export class AuditWatch {
  readonly #rows: (
    since: number,
  ) => Array<{ seq: number; actor: string; verb: string; outcome: string; resource: string }>;
  readonly #refused = new Map<string, number>();
  readonly #verbs = new Map<string, Set<string>>();
  #seq = 0;

  constructor(database: Database.Database) {
    const query = database.prepare<
      [number],
      { seq: number; actor: string; verb: string; outcome: string; resource: string }
    >('select seq, actor, verb, outcome, resource from audit_log where seq > ? order by seq');
    this.#rows = (since) => query.all(since);
  }

  #read(): void {
    for (const { seq, actor, verb, outcome, resource } of this.#rows(this.#seq)) {
      this.#seq = seq;
      const isRefused = outcome === 'refused';
      if (isRefused) this.#refused.set(actor, (this.#refused.get(actor) ?? 0) + 1);
      const about = this.#verbs.get(verb) ?? new Set<string>();
      this.#verbs.set(verb, about.add(isRefused ? resource : actor));
    }
  }

  /** Refusals that this relay told. */
  refusedBy(relay: RelayId): number {
    this.#read();
    return this.#refused.get(`relay:${relay}`) ?? 0;
  }

  /** What rows of this verb are about, each once: devices and relays where something was refused, else who told it. */
  about(verb: string): ReadonlySet<string> {
    this.#read();
    return this.#verbs.get(verb) ?? new Set();
  }
}

export async function until(
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs: number,
  everyMs = 20,
): Promise<boolean> {
  const end = systemClock.monotonic() + deadlineMs;
  while (!(await isTrue())) {
    if (systemClock.monotonic() > end) return false;
    await systemClock.sleep(everyMs);
  }
  return true;
}
