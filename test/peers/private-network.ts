// A second network beside this one: a wire to it, a DHCP server on it, and whatever goes over the wire as bytes. Needs a namespace of one's own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';

/** Frames of UDP to port 9, as hexadecimal lines: a raw socket, which Node has none of. */
const CAPTURE = `
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
s.bind(('far', 0))
print('ready', flush=True)
while True:
    frame = s.recv(2048)
    if frame[12:14] == b'\\x08\\x00' and frame[23] == 17 and frame[36:38] == b'\\x00\\x09':
        print(frame.hex(), flush=True)
`;

const SERVER = (folder: string) => `
ip link set lo up
until ip link show far >/dev/null 2>&1; do sleep 0.02; done
ip addr add 10.99.0.1/24 dev far
ip link set far up
: > ${folder}/leases
busybox udhcpd -f ${folder}/udhcpd.conf >/dev/null 2>&1 &
exec python3 -c "$(cat ${folder}/capture.py)"
`;

const CONFIG = (folder: string) => `start 10.99.0.50
end 10.99.0.60
interface far
lease_file ${folder}/leases
pidfile ${folder}/udhcpd.pid
option subnet 255.255.255.0
option router 10.99.0.1
option lease 3600
`;

/** Called by udhcpc: it takes the address, and counts how often it was given one. */
const BOUND = (folder: string) => `#!/bin/sh
case $1 in
  bound) ip addr add "$ip/24" dev near; ip route replace default via "$router" ;;
esac
echo "$1" >> ${folder}/events
`;

export interface PrivateNetwork {
  /** What the DHCP client was told, word by word. */
  events(): string[];
  /** Frames of Wake-on-LAN that arrived at the other end, as hexadecimal text. */
  frames(): string[];
  stop(): void;
}

export async function until(isSo: () => boolean, what: string): Promise<void> {
  // 10 s: a busy machine; what is waited for takes a tenth of a second.
  const deadline = systemClock.monotonic() + 10_000;
  while (!isSo()) {
    if (systemClock.monotonic() > deadline) throw new Error(`never came: ${what}`);
    await systemClock.sleep(20);
  }
}

export async function makePrivateNetwork(folder: string): Promise<PrivateNetwork> {
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('udhcpd.conf'), CONFIG(folder));
  writeFileSync(file('capture.py'), CAPTURE);
  writeFileSync(file('bound'), BOUND(folder), { mode: 0o755 });
  const children: ChildProcess[] = [];
  let captured = '';
  const server = spawn('unshare', ['--net', 'sh', '-c', SERVER(folder)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(server);
  server.stdout.on('data', (chunk: Buffer) => {
    captured += chunk.toString();
  });
  await once(server, 'spawn');
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'ignore' });
  ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far');
  // It has its own network by now, or joins it in a moment: a wire into our own would be found by nobody.
  const own = (pid: number | 'self') => execFileSync('readlink', [`/proc/${pid}/ns/net`], { encoding: 'utf8' });
  await until(() => own(server.pid ?? 0) !== own('self'), 'the second network');
  ip('link', 'set', 'far', 'netns', String(server.pid));
  ip('link', 'set', 'near', 'up');
  await until(() => captured.includes('ready'), 'the capture');
  // The kernel calls a process by its file.
  symlinkSync('/bin/busybox', file('udhcpc'));
  const client = spawn(file('udhcpc'), ['-f', '-i', 'near', '-s', file('bound'), '-t', '20', '-T', '1'], {
    stdio: 'ignore',
  });
  children.push(client);
  const events = () => (existsSync(file('events')) ? readFileSync(file('events'), 'utf8').trim().split('\n') : []);
  await until(() => events().includes('bound'), 'the address');
  return {
    events,
    frames: () => captured.split('\n').filter((line) => /^[0-9a-f]{84,}$/.test(line)),
    stop: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
