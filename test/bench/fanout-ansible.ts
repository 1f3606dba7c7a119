// Ansible's ad-hoc command on the addresses of a real sshd, as its own documentation has it: the peer of the fan-out bench.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FanoutEstate } from './fanout-estate.ts';

/** Words that run `true` on every address, with as many forks as there are addresses and connections that stay open. */
export function ansibleWords(folder: string, { sshd, realAddresses }: FanoutEstate): string[] {
  const own = path.join(folder, 'ansible');
  mkdirSync(own, { recursive: true });
  const key = path.join(own, 'key');
  writeFileSync(key, sshd.clientKeyPem, { mode: 0o600 });
  const common = `ansible_port=${sshd.port} ansible_user=${sshd.user} ansible_ssh_private_key_file=${key}`;
  const python = 'ansible_python_interpreter=/usr/bin/python3';
  const inventory = path.join(own, 'hosts');
  writeFileSync(inventory, realAddresses.map((address) => `${address} ${common} ${python}\n`).join(''));
  const config = path.join(own, 'ansible.cfg');
  const ssh = `-o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${path.join(own, 'known')}`;
  writeFileSync(
    config,
    [
      '[defaults]',
      `forks=${realAddresses.length}`,
      'host_key_checking=False',
      `local_tmp=${path.join(own, 'tmp')}`,
      '[ssh_connection]',
      'pipelining=True',
      `ssh_args=${ssh}`,
      `control_path_dir=${path.join(own, 'cp')}`,
      '',
    ].join('\n'),
  );
  return ['env', `ANSIBLE_CONFIG=${config}`, '/usr/bin/ansible', 'all', '-i', inventory, '-m', 'command', '-a', 'true'];
}

/** Ends the connections that its ssh keeps open: each holds our output for another minute. */
export function endAnsible(folder: string): void {
  const sockets = path.join(folder, 'ansible', 'cp');
  if (!existsSync(sockets)) return;
  for (const name of readdirSync(sockets))
    spawnSync('ssh', ['-S', path.join(sockets, name), '-O', 'exit', 'any'], { stdio: 'ignore', timeout: 5_000 });
}
