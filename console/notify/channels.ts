// Channels: made, changed, tested, removed; their secrets go into the box of the data folder and come out for a delivery alone.
import { z } from 'zod';
import { by, type Caller } from '#console/access/can.ts';
import type { SecretBox } from '#console/access/secret-box.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import { AppError } from '#shared/base/errors.ts';
import { ChannelId, newId } from '#shared/base/id.ts';
import type { Channel, NewChannel } from '#shared/contract/notify-contract.ts';
import { checkedSettings, kindOf } from './channel-kinds.ts';
import * as repository from './channel-repository.ts';
import type { OpenChannel } from './channel-values.ts';
import type { Deliver } from './drivers.ts';
import type { EntryDeps } from './entries.ts';
import { type Message, tellable } from './message.ts';

interface ChannelDeps extends EntryDeps {
  box: SecretBox;
  deliver: Deliver;
  /** Where pages are; '' while nobody knows. */
  base: () => string;
}

type New = z.infer<typeof NewChannel>;
const Secrets = z.record(z.string(), z.string());

/** As many as services that a house of any size uses. */
const MOST = 200;

export class Channels {
  readonly #deps: ChannelDeps;

  constructor(deps: ChannelDeps) {
    this.#deps = deps;
  }

  async list(): Promise<Channel[]> {
    return (await repository.listChannels(this.#deps.store.db)).map(shown);
  }

  async create(caller: Caller, value: New): Promise<Channel> {
    const { store, clock, random } = this.#deps;
    const createdAt = clock.now();
    const id = ChannelId.parse(newId(createdAt, random));
    const fresh = { lastSentAt: null, lastFailedAt: null, failures: 0, lastError: null, createdAt };
    const channel = { ...this.#written(id, value, {}), ...fresh };
    await store
      .transaction(async (tx) => {
        if ((await repository.listChannels(tx)).length >= MOST)
          throw new AppError('too-large', `there are ${MOST} channels already`);
        await repository.insertChannel(tx, channel);
        await this.#tell(tx, caller, { verb: 'channel.create', channel });
      })
      .catch(conflictWhen({ taken: `there is a channel named "${value.name}" already` }));
    return shown(channel);
  }

  async update(caller: Caller, id: ChannelId, value: New): Promise<Channel> {
    return await this.#deps.store
      .transaction(async (tx) => {
        const known = await this.#found(tx, id);
        if (known.kind !== value.kind) throw new AppError('bad-request', 'a channel stays of its kind: make another');
        assertNotLedAway(known, value);
        const channel = { ...known, ...this.#written(id, value, this.#opened(known)) };
        await repository.updateChannel(tx, channel);
        await this.#tell(tx, caller, { verb: 'channel.update', channel });
        return shown(channel);
      })
      .catch(conflictWhen({ taken: `there is a channel named "${value.name}" already` }));
  }

  async remove(caller: Caller, id: ChannelId): Promise<void> {
    await this.#deps.store.transaction(async (tx) => {
      const channel = await this.#found(tx, id);
      await repository.deleteChannel(tx, id);
      await this.#tell(tx, caller, { verb: 'channel.remove', channel });
    });
  }

  /** Sends at once, beside all queues: whoever sets a channel up wants to see its answer. */
  async test(caller: Caller, id: ChannelId, to: string): Promise<{ ok: boolean; detail: string; tookMs: number }> {
    const { store, clock, random, deliver, base } = this.#deps;
    const channel = await this.open(id);
    const at = clock.now();
    const told = tellable(newId(at, random), testMessage(at), at, { base: base(), ack: '' });
    const began = clock.monotonic();
    const outcome = await deliver({ told, channel, to, thread: '' });
    const tookMs = Math.round(clock.monotonic() - began);
    await store.transaction(async (tx) => {
      await repository.setChannelHealth(tx, { id, at: clock.now(), error: outcome.ok ? null : outcome.detail });
      await this.#tell(tx, caller, { verb: 'channel.test', channel: await this.#found(tx, id) });
    });
    return { ok: outcome.ok, detail: outcome.detail, tookMs };
  }

  /** With its secrets, for a delivery. */
  async open(id: ChannelId): Promise<OpenChannel & { isOn: boolean }> {
    const known = await this.#found(this.#deps.store.db, id);
    const { kind, name, settings, isOn } = known;
    return { id, kind, name, settings, isOn, secrets: this.#opened(known) };
  }

  async #found(db: Parameters<typeof repository.findChannel>[0], id: ChannelId): Promise<repository.StoredChannel> {
    const known = await repository.findChannel(db, id);
    if (known === undefined) throw new AppError('not-found', `no channel ${id}`);
    return known;
  }

  #opened({ id, sealed }: repository.StoredChannel): Record<string, string> {
    if (sealed === null) return {};
    return Secrets.parse(JSON.parse(this.#deps.box.open(sealed, `channel:${id}`).toString()));
  }

  /** Secrets that are not given stay as they are. */
  #written(id: ChannelId, value: New, known: Readonly<Record<string, string>>) {
    const kind = kindOf(value.kind);
    if (kind === undefined) throw new AppError('bad-request', `no kind of channel ${value.kind}`);
    const kept = Object.entries({ ...known, ...value.secrets }).flatMap(
      ([name, secret]): Array<[string, string]> => (secret === null || secret === '' ? [] : [[name, secret]]),
    );
    const settings = checkedSettings(kind, value.settings, new Set(kept.map(([name]) => name)));
    const sealed =
      kept.length === 0
        ? null
        : this.#deps.box.seal(Buffer.from(JSON.stringify(Object.fromEntries(kept))), `channel:${id}`);
    const { name, isOn } = value;
    return { id, kind: value.kind, name, isOn, settings, sealed, secrets: kept.map(([one]) => one) };
  }

  async #tell(
    tx: Parameters<typeof repository.insertChannel>[0],
    caller: Caller,
    { verb, channel }: { verb: string; channel: repository.StoredChannel },
  ): Promise<void> {
    const { audit, onChanged } = this.#deps;
    const detail = { name: channel.name, kind: channel.kind, isOn: channel.isOn };
    await audit.append(tx, { ...by(caller), verb, resource: `channel:${channel.id}`, outcome: 'ok', detail });
    afterCommit(onChanged);
  }
}

function shown({ sealed: _sealed, createdAt: _createdAt, ...channel }: repository.StoredChannel): Channel {
  return channel;
}

/** Fields that say where to, and by whose word it is the right place. */
const WHERE: ReadonlySet<string> = new Set(['server', 'host', 'port', 'url', 'security', 'protocol', 'ca']);

/** Secrets that nobody can read could otherwise be sent to a server of whoever may change a channel. */
function assertNotLedAway(known: repository.StoredChannel, { settings, secrets }: New): void {
  const kind = kindOf(known.kind);
  if (kind === undefined || known.secrets.length === 0) return;
  const moved = kind.fields.find(
    ({ name, initial = '' }) =>
      WHERE.has(name) && ((settings[name] ?? '').trim() || initial) !== (known.settings[name] || initial),
  );
  const kept = kind.fields.find(({ name }) => known.secrets.includes(name) && secrets[name] === undefined);
  if (moved !== undefined && kept !== undefined)
    throw new AppError('bad-request', `${moved.label}: is another one; give ${kept.label} anew, or take it away`);
}

const testMessage = (at: number): Message => ({
  reason: 'test',
  severity: 'info',
  title: 'A test of this channel',
  detail: 'Somebody pressed the test button of the console. Nothing is wrong, and nothing need be done.',
  ...{ site: '', customer: '', device: '', check: '', advice: '', since: at, until: null, zone: 'UTC', children: 0 },
  incident: null,
  lines: [],
});
