// The relay's real scripts are recognised, and its real parsers read the lab's answers: a script or parser that changes alone breaks here.
import { expect, test } from 'vitest';
import { sectionsOf } from '#relay/collect/framed-output.ts';
import { linuxColdScript } from '#relay/collect/linux/cold-script.ts';
import { linuxHotScript } from '#relay/collect/linux/hot-script.ts';
import { parseLinuxCold } from '#relay/collect/linux/parse-cold.ts';
import { parseLinuxHot } from '#relay/collect/linux/parse-hot.ts';
import { parseDeviceFacts } from '#relay/transport/host-identity.ts';
import { identityScript } from '#relay/transport/host-identity-script.ts';
import { newNonce } from '#relay/transport/script-wrap.ts';
import { systemRandom } from '#shared/base/id.ts';
import { fromStored, METRICS, metricById } from '#shared/model/metric-catalogue.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import type { Behaviour } from './behaviour.ts';
import { modelIdentity } from './device-model.ts';
import { SimulatedMachine } from './machine.ts';
import { recognise } from './script-recogniser.ts';
import { isAudited, pollNumber } from './sequence-audit.ts';

const NONCE = '00112233445566778899aabbccddeeff';

function machineOf(index: number, isAudit = false, behaviour: Partial<Behaviour> = {}) {
  const clock = new FakeClock();
  const machine = new SimulatedMachine({ seed: 1, index, isAudit, clock });
  machine.behaviour = { ...machine.behaviour, ...behaviour };
  return { machine, clock };
}

function answer(script: string, machine: SimulatedMachine): Buffer {
  const known = recognise(script);
  if (known === undefined) throw new Error('the script is not recognised');
  return Buffer.from(known.answer(machine));
}

function sectionsFrom(script: string, machine: SimulatedMachine) {
  const stdout = answer(script, machine);
  const end = { kind: 'exit', code: 0 } as const;
  const result = { end, stdout, stderr: new Uint8Array(), isTruncated: false, hasOpenChild: false, durationMs: 1 };
  const sections = sectionsOf(result, NONCE, 'linux');
  if (!sections.ok) throw new Error(sections.detail);
  return sections.value;
}

const poll = (machine: SimulatedMachine) => parseLinuxHot(sectionsFrom(linuxHotScript(NONCE), machine));

const facts = (machine: SimulatedMachine) => {
  const nonce = newNonce(systemRandom);
  return parseDeviceFacts(answer(identityScript(nonce), machine).toString(), nonce);
};

/** Made by the relay, not by the device. */
const RELAY_MADE = ['poll.duration'];

test("the identity script's answer reads as the model's identity", () => {
  for (const index of [0, 1, 2, 3, 4, 5]) {
    const { machine } = machineOf(index);
    expect(facts(machine)).toEqual({
      identity: modelIdentity(machine.model),
      system: 'linux',
      hostname: machine.model.name,
      isGroupLeader: true,
      hasSetsid: true,
    });
  }
});

test('a clone says it is its original, with its own cards if it has them', () => {
  const original = modelIdentity(machineOf(2).machine.model);
  expect(facts(machineOf(1, false, { cloneOf: 2 }).machine)?.identity).toEqual(original);
  const { machine } = machineOf(1, false, { cloneOf: 2, cloneKeepsOwnMacs: true });
  expect(facts(machine)?.identity).toEqual({ ...original, macs: modelIdentity(machine.model).macs });
});

test('every metric a device can tell is in a poll, with the value the model has', () => {
  const { machine, clock } = machineOf(3);
  const { samples, notices, wallClockMs } = poll(machine);
  const names = new Set(samples.map(({ metric }) => metricById(metric)?.name));
  // As a virtual machine, whose cards have no speed and which has no sensors.
  const untold = METRICS.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  expect(untold).toEqual(['network.speed', 'sensor.temperature']);
  const unknown = samples.filter(({ value }) => value === undefined).map(({ metric }) => metricById(metric)?.name);
  expect(unknown).toEqual(RELAY_MADE);
  expect(notices).toEqual([]);
  expect(Math.abs((wallClockMs ?? 0) - clock.now())).toBeLessThanOrEqual(1_000);
  const uptime = samples.find(({ metric }) => metricById(metric)?.name === 'system.uptime');
  expect((uptime?.value ?? 0) * 10).toBe(Math.floor(machine.model.bootedBeforeMs / 10) * 10);
  const instances = new Set(samples.map(({ instance }) => instance));
  const { disks, nics } = machine.model;
  const expected = ['', ...disks.flatMap((disk) => [disk.mount, disk.device]), ...nics.map((nic) => nic.name)];
  expect([...instances].sort()).toEqual([...new Set(expected)].sort());
});

test('in audit mode every series of poll n has the stored value n', () => {
  const { machine } = machineOf(4, true);
  for (const n of [1, 2, 3]) {
    const { samples } = poll(machine);
    expect(samples.filter(isAudited).length).toBeGreaterThanOrEqual(30);
    const values = samples.map(({ value }) => value);
    expect(pollNumber(samples, values)).toBe(n);
  }
  expect(machine.counts.polls).toBe(3);
});

test('a reboot is another boot, with counters from nothing', () => {
  const { machine } = machineOf(5);
  const value = (name: string) => {
    const sample = poll(machine).samples.find(({ metric }) => metricById(metric)?.name === name);
    const metric = METRICS.find((candidate) => candidate.name === name);
    return metric === undefined ? undefined : fromStored(metric, sample?.value ?? Number.NaN);
  };
  const [boot, idle] = [value('system.boot'), value('cpu.idle') ?? 0];
  machine.reboot();
  expect(value('system.boot')).not.toBe(boot);
  expect(value('system.uptime')).toBe(0);
  expect(value('cpu.idle')).toBeLessThan(idle);
});

test('a clock that is off shows in the wall clock and nowhere else', () => {
  const { machine, clock } = machineOf(6, false, { clockOffMs: 600_000 });
  const healthy = poll(machineOf(6).machine);
  const { samples, wallClockMs } = poll(machine);
  expect(samples).toEqual(healthy.samples);
  expect(Math.abs((wallClockMs ?? 0) - clock.now() - 600_000)).toBeLessThanOrEqual(1_000);
});

test('hostile names reach the parser and harm no number', () => {
  const healthy = poll(machineOf(7).machine);
  for (const output of ['ansi-bomb', 'invalid-utf8'] as const) {
    const { samples } = poll(machineOf(7, false, { output }).machine);
    const strange = samples.filter(({ instance }) => instance.startsWith('/mnt/'));
    expect(strange).toHaveLength(3);
    expect(samples.filter((sample) => !strange.includes(sample))).toEqual(healthy.samples);
  }
});

test('the inventory has every kind, with what the model is made of', () => {
  const { machine } = machineOf(0);
  const { facts } = parseLinuxCold(sectionsFrom(linuxColdScript(NONCE), machine));
  const body = new Map(facts.map((fact) => [fact.kind, fact.body]));
  expect([...body.keys()].sort()).toEqual(
    ['os', 'hardware', 'disks', 'network', 'packages', 'users', 'services', 'ports'].sort(),
  );
  const { model } = machine;
  expect(body.get('os')).toMatchObject({ family: 'linux', hostname: model.name, kernel: model.kernel });
  expect(body.get('hardware')).toMatchObject({
    serial: model.serial,
    cpuThreads: model.cpuCount,
    memoryBytes: model.memoryKb * 1024,
  });
  expect(body.get('disks')?.['disks']).toHaveLength(model.disks.length);
  expect(body.get('network')?.['interfaces']).toMatchObject(model.nics.map(({ name, mac }) => ({ name, mac })));
  expect(body.get('ports')?.['ports']).toHaveLength(2);
  expect(body.get('services')?.['services']).toHaveLength(3);
});

test.each([
  ['a technician', 'echo hello'],
  ['a script that only looks like one of the relay', `${linuxHotScript(NONCE)}rm -rf /tmp/x\n`],
  ['a poll of another form', linuxHotScript(NONCE).replace('begin 1', 'begin 2')],
])('%s is not recognised', (_who, script) => {
  expect(recognise(script)).toBeUndefined();
});
