// Orders every action that Linux can do on a real sshd, and looks at what came of each; one JSON line. Runs in namespaces of its own.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { collectorList } from '#relay/collect/collector-list.ts';
import { sendWake } from '#relay/execute/actions/send-wake.ts';
import { newDeviceState } from '#relay/poll/device-state.ts';
import { Inventory } from '#relay/poll/inventory.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { Action } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { type ActionMachine, actionMachine } from './action-machine.ts';
import { makePrivateNetwork, until } from './private-network.ts';
import { signalProcess } from './process-tree.ts';
import { makeSshRelay } from './ssh-relay.ts';
import { type SshdPeer, startSshd } from './sshd.ts';

if (!/^tmpfs \/tmp tmpfs/m.test(readFileSync('/proc/mounts', 'utf8'))) throw new Error('not on a machine of its own');

interface Told {
  state: OutcomeRecord['state'];
  detail: string | undefined;
  reason: string | undefined;
  stdout: string;
}
const report: Record<string, unknown> = {};
const folder = '/tmp/machine';
/** The first folder in which a login of root looks for programs. */
const bin = '/usr/local/bin';
mkdirSync(folder);
const file = (name: string) => path.join(folder, name);
const script = (at: string, text: string) => writeFileSync(at, `#!/bin/sh\n${text}`, { mode: 0o755 });
const isAlive = (pid: number | undefined) =>
  pid !== undefined && signalProcess(pid, 0) && !/^State:\s*Z/m.test(statusOf(pid));
const statusOf = (pid: number) =>
  existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'State: Z';

const sshd: SshdPeer = await startSshd({ withUser: true });
const relay = makeSshRelay(folder, { user: sshd.user, privateKey: sshd.clientKeyPem });
const entry = relay.device(sshd.port);
const inventory = new Inventory({
  ...{ clock: systemClock, log: silentLogger, pool: relay.pool, collectorFor: collectorList(), everyMs: 0 },
  ledger: { isNews: () => true } as unknown as ConstructorParameters<typeof Inventory>[0]['ledger'], // nothing is remembered here
  onFact: ({ kind }) => facts.push(kind),
});
const facts: string[] = [];
const network = await makePrivateNetwork(folder);
const machine: ActionMachine = await actionMachine(relay, entry, {
  wake: (macs) => sendWake(macs, systemClock),
  readInventory: (_, signal) => inventory.readNow(newDeviceState(entry, 0, 0), signal),
});

async function order(action: Action, more?: Parameters<ActionMachine['order']>[1]): Promise<Told> {
  const { state, detail, reason, stdout } = await machine.order(action, more);
  return { state, detail, reason, stdout: Buffer.from(stdout ?? new Uint8Array()).toString() };
}

async function services(): Promise<void> {
  const pid = file('service.pid');
  const init = `### BEGIN INIT INFO
# Provides: rmm-proof
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
start() { setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! > ${pid}; }
stop() { kill "$(cat ${pid})" 2>/dev/null; rm -f ${pid}; }
case $1 in
  start) start ;; stop) stop ;; restart) stop; start ;;
  status) [ -f ${pid} ] && kill -0 "$(cat ${pid})" 2>/dev/null ;;
esac
`;
  script('/etc/init.d/rmm-proof', init);
  const service = 'rmm-proof';
  const running = () => existsSync(pid) && isAlive(Number(readFileSync(pid, 'utf8')));
  const atBoot = () => existsSync('/etc/rc2.d/S01rmm-proof');
  for (const verb of ['start', 'restart', 'stop'] as const) {
    const told = await order({ name: `service.${verb}`, arguments: { service } });
    report[`service.${verb}`] = { ...told, isRunning: running() };
  }
  for (const verb of ['enable', 'disable'] as const) {
    const told = await order({ name: `service.${verb}`, arguments: { service } });
    report[`service.${verb}`] = { ...told, isAtBoot: atBoot() };
  }
  report['service.absent'] = await order({ name: 'service.stop', arguments: { service: 'rmm-none' } });
}

async function processes(): Promise<void> {
  const program = file('a-process-with-a-long-name');
  copyFileSync('/bin/sleep', program);
  const polite = [spawn(program, ['600']), spawn(program, ['601'])];
  script(file('stubborn'), "trap '' TERM HUP\nwhile :; do sleep 1; done\n");
  const stubborn = spawn(file('stubborn'));
  const other = spawn('sleep', ['600']);
  await systemClock.sleep(200);
  const of = (process: string, pid?: number) =>
    order({ name: 'process.kill', arguments: pid === undefined ? { process } : { process, pid } });
  report['process.kill wrong pid'] = await of('a-process-with-a-long-name', other.pid);
  report['process.kill one'] = {
    ...(await of('a-process-with-a-long-name', polite[0]?.pid)),
    left: polite.map(({ pid }) => isAlive(pid)),
  };
  report['process.kill all'] = {
    ...(await of('a-process-with-a-long-name')),
    left: polite.map(({ pid }) => isAlive(pid)),
  };
  report['process.kill stubborn'] = {
    ...(await of('stubborn')),
    left: isAlive(stubborn.pid),
    other: isAlive(other.pid),
  };
}

async function files(): Promise<void> {
  const old = new Date(systemClock.now() - 60 * 86_400_000);
  const make = (at: string, isOld: boolean) => {
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, 'x'.repeat(1_000));
    if (isOld) utimesSync(at, old, old);
  };
  make('/tmp/old/a b', true);
  make('/var/tmp/old', true);
  make('/tmp/new', false);
  make('/tmp/systemd-private-x/tmp/old', true);
  make(file('target'), false);
  execFileSync('ln', ['-s', '/etc/passwd', '/tmp/link']);
  execFileSync('touch', ['-h', '-d', '2020-01-01', '/tmp/link']);
  const told = await order({ name: 'temp.clear', arguments: { days: 30 } });
  const left = ['/tmp/old/a b', '/var/tmp/old', '/tmp/new', '/tmp/systemd-private-x/tmp/old', '/etc/passwd'].map((at) =>
    existsSync(at),
  );
  report['temp.clear'] = { ...told, left };
  make('/var/log/syslog.2.gz', true);
  make('/var/log/syslog.1', false);
  make('/var/cache/apt/archives/thing_1_all.deb', false);
  const cleaned = await order({ name: 'disk.clean', arguments: {} });
  const rest = ['/var/log/syslog.2.gz', '/var/log/syslog.1', '/var/cache/apt/archives/thing_1_all.deb'].map((at) =>
    existsSync(at),
  );
  report['disk.clean'] = { ...cleaned, left: rest };
  make('/var/log/syslog', false);
  report['log.clear'] = {
    ...(await order({ name: 'log.clear', arguments: { log: 'syslog' } })),
    size: readFileSync('/var/log/syslog').length,
  };
  report['log.clear escape'] = await order({ name: 'log.clear', arguments: { log: 'x/../../etc/passwd' } });
}

async function networks(): Promise<void> {
  writeFileSync(file('hosts'), '10.1.1.1 proof.test\n');
  const dnsmasq = [
    '-k',
    '-p',
    '5399',
    '-a',
    '127.0.0.1',
    '-h',
    '-H',
    file('hosts'),
    '-R',
    '-u',
    'root',
    '-x',
    file('dns.pid'),
  ];
  const cache = spawn('dnsmasq', dnsmasq, { stdio: 'ignore' });
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers(['127.0.0.1:5399']);
  const answer = () =>
    resolver.resolve4('proof.test').then(
      ([first]) => first,
      () => undefined,
    );
  for (let tries = 0; (await answer()) === undefined && tries < 50; tries += 1) await systemClock.sleep(50);
  writeFileSync(file('hosts'), '10.2.2.2 proof.test\n');
  const before = await answer();
  const flushed = await order({ name: 'dns.flush', arguments: {} });
  for (let tries = 0; (await answer()) !== '10.2.2.2' && tries < 40; tries += 1) await systemClock.sleep(50);
  report['dns.flush'] = { ...flushed, before, after: await answer() };
  cache.kill('SIGKILL');
  const bounds = network.events().length;
  const renewed = await order({ name: 'address.renew', arguments: {} });
  await until(() => network.events().length > bounds, 'a renewed address').catch(() => undefined);
  report['address.renew'] = { ...renewed, events: network.events().slice(bounds) };
  execFileSync('ip', [
    'neigh',
    'replace',
    '10.99.0.77',
    'lladdr',
    '02:00:00:00:00:77',
    'dev',
    'near',
    'nud',
    'reachable',
  ]);
  script('/etc/init.d/networking', `echo "$1" >> ${file('networking')}\nip addr replace 10.98.0.1/24 dev near\n`);
  const reset = await order({ name: 'network.reset', arguments: {} });
  const shown = (what: string) => spawnSync('ip', [what, 'show', 'dev', 'near'], { encoding: 'utf8' }).stdout;
  report['network.reset'] = {
    ...reset,
    asked: readFileSync(file('networking'), 'utf8').trim(),
    hasNeighbour: shown('neigh').includes('10.99.0.77'),
    hasAddress: shown('addr').includes('10.98.0.1/24'),
  };
}

async function people(): Promise<void> {
  const user = sshd.throwaway?.name ?? '';
  const theirs = spawn('setpriv', ['--reuid', user, '--clear-groups', 'sleep', '600'], { stdio: 'ignore' });
  await systemClock.sleep(100);
  report['user.logoff'] = {
    ...(await order({ name: 'user.logoff', arguments: { user } })),
    left: isAlive(theirs.pid),
  };
  report['user.logoff root'] = await order({ name: 'user.logoff', arguments: { user: 'root' } });
  script(
    path.join(bin, 'loginctl'),
    `echo "$*" >> ${file('loginctl')}\n[ "$1" != list-sessions ] || echo '1 0 root seat0'\n`,
  );
  report['user.lock'] = {
    ...(await order({ name: 'user.lock', arguments: {} })),
    asked: readFileSync(file('loginctl'), 'utf8'),
  };
  rmSync(path.join(bin, 'loginctl'));
}

async function looks(): Promise<void> {
  report['health.check'] = await order({ name: 'health.check', arguments: {} });
  report['system.info'] = await order({ name: 'system.info', arguments: {} });
  report['inventory.collect'] = { ...(await order({ name: 'inventory.collect', arguments: {} })), facts };
  report['rdp.enable'] = await order({ name: 'rdp.enable', arguments: {} });
}

/** The last: `shutdown` is a stub, and what it stands for is done by hand: another boot id, a machine that does not answer. */
async function power(): Promise<void> {
  const asked = file('shutdown');
  script(path.join(bin, 'shutdown'), `echo "$*" >> ${asked}\n`);
  report['device.reboot that does not'] = await order({ name: 'device.reboot', arguments: {} }, { timeoutMs: 4_000 });
  writeFileSync(file('boot_id'), 'aaaaaaaa-0000-4000-8000-000000000000\n');
  script(
    path.join(bin, 'shutdown'),
    `echo "$*" >> ${asked}\nmount --bind ${file('boot_id')} /proc/sys/kernel/random/boot_id\n`,
  );
  report['device.reboot'] = {
    ...(await order({ name: 'device.reboot', arguments: {} })),
    asked: readFileSync(asked, 'utf8'),
  };
  const wakeMac = '02:00:5e:10:20:30';
  const identity = { ...machine.identity, macs: [wakeMac] };
  report['device.wake'] = {
    ...(await order({ name: 'device.wake', arguments: {} }, { identity, timeoutMs: 2_500 })),
    frames: network.frames(),
  };
  script(path.join(bin, 'shutdown'), `echo "$*" >> ${asked}\nkill -KILL ${sshd.pid}\n`);
  rmSync(asked);
  report['device.shutdown'] = {
    ...(await order({ name: 'device.shutdown', arguments: {} })),
    asked: readFileSync(asked, 'utf8'),
  };
}

for (const part of [services, processes, files, networks, people, looks, power])
  await part().catch((error: unknown) => {
    report[part.name] = String(error);
  });
process.stdout.write(`${JSON.stringify(report)}\n`);
sshd.throwaway?.remove();
// What still runs ends with the namespace.
process.kill(process.pid, 'SIGKILL');
