// Notify on a real store behind real alerts, with a channel that a test answers for and a clock that is advanced.
import { secretBox } from '#console/access/secret-box.ts';
import { IncidentActs } from '#console/alerts/incident-acts.ts';
import { Audit } from '#console/audit/audit.ts';
import type { Delivered, Delivery } from '#console/notify/http-driver.ts';
import { Notify } from '#console/notify/notify.ts';
import { NewContact, NewRoute } from '#shared/contract/notify-contract.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { makeAlerts } from './alerts-kit.ts';
import type { TestEngine } from './test-engine.ts';

export const BOOT = { actor: { kind: 'system', part: 'test' } } as const;

/** Each delivery in order, as one line: who is told what. */
const lineOf = ({ told, to }: Delivery) => `${to} ${told.reason} ${told.title}`;

export type Notifying = Awaited<ReturnType<typeof makeNotify>>;

export async function makeNotify(engine: TestEngine) {
  const kit = await makeAlerts(engine);
  const { store, clock, random, outbox, alerts } = kit;
  const audit = new Audit({ clock });
  const sent: Delivery[] = [];
  const answers: Delivered[] = [];
  const failing: string[] = [];
  /** Which groups hold a device. */
  const groups = new Map<string, string[]>();
  /** Done once each, before a delivery is answered. */
  const onDeliver: Array<() => Promise<void>> = [];
  const acts = new IncidentActs({ store, alerts, audit });
  const deps = {
    ...{ store, audit, clock, random, chance: () => 0.5, log: silentLogger, outbox },
    box: secretBox(Buffer.alloc(32, 7)),
    ack: { token: (id: string) => id.replaceAll('-', '').padEnd(43, 'A') },
    base: () => 'https://rmm.example',
    groupsOf: async (device: string) => groups.get(device) ?? [],
    acknowledge: async (
      caller: Parameters<typeof acts.acknowledge>[0],
      incident: Parameters<typeof outbox.notice>[0],
    ) => (await acts.acknowledge(caller, { incidents: [incident], alerts: [] })) > 0,
    deliver: async (delivery: Delivery): Promise<Delivered> => {
      await onDeliver.shift()?.();
      const answer = answers.shift() ?? { ok: true, detail: 'taken' };
      if (answer.ok) sent.push(delivery);
      return answer;
    },
    onHealth: (channel: { name: string }, failures: number) => {
      if (failures > 0) failing.push(`${channel.name} ${failures}`);
    },
  };
  const notify = new Notify(deps);
  const channel = await notify.channels.create(BOOT, {
    ...{ kind: 'email', name: 'Mail', isOn: true },
    settings: { host: 'mail.example.org', port: '587', security: 'starttls', from: 'rmm@example.org' },
    secrets: {},
  });
  /** All that can be done now is done. */
  const work = async () => {
    while (await notify.pass()) await notify.settled();
  };
  return {
    ...kit,
    ...{ audit, acts, notify, channel, sent, answers, failing, onDeliver, groups, work },
    /** Another console on the same store, as after a restart. */
    restarted: () => new Notify(deps),
    contact: (name: string, more: Record<string, unknown> = {}) =>
      notify.contacts.create(
        BOOT,
        NewContact.parse({ name, ways: [{ channel: channel.id, to: `${name}@example.org` }], ...more }),
      ),
    route: (name: string, more: Record<string, unknown>) =>
      notify.routes.create(BOOT, NewRoute.parse({ name, place: 1, targets: [], ...more })),
    /** Time passes for alerts and for notify alike. */
    later: async (ms: number) => {
      await kit.pass(ms);
      await work();
    },
    /** What was delivered since the last question. */
    heard: () => sent.splice(0).map(lineOf),
  };
}
