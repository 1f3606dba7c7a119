// Machines of an attacker: SSH servers with host keys of their own that take every login, and count what they were offered.
import { once } from 'node:events';
import ssh2, { type Connection } from 'ssh2';
import { newEd25519Pem } from '#test/peers/odd-sshd.ts';

export interface Impostor {
  address: string;
  port: number;
}

export interface Impostors extends AsyncDisposable {
  hosts: readonly Impostor[];
  /** Connections that came this far: an impostor nobody reached proves nothing. */
  reached(): number;
  /** Every attempt to log in, `none` included: each tells at least a user name. */
  attempts(): readonly string[];
}

/** `addresses`: on loopback, which serves each of 127.0.0.0/8. */
export async function startImpostors(addresses: readonly string[]): Promise<Impostors> {
  const reached = new Set<string>();
  const attempts: string[] = [];
  const open = new Set<Connection>();
  const servers = addresses.map((address) => {
    const server = new ssh2.Server({ hostKeys: [newEd25519Pem()] }, (connection) => {
      reached.add(address);
      open.add(connection);
      connection.on('error', () => undefined);
      connection.on('close', () => open.delete(connection));
      connection.on('authentication', (context) => {
        attempts.push(`${address} ${context.method} ${context.username}`);
        context.accept();
      });
    });
    server.listen(0, address);
    return server;
  });
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const hosts = servers.map((server, index) => {
    const bound = server.address();
    return { address: addresses[index] ?? '', port: typeof bound === 'object' && bound !== null ? bound.port : 0 };
  });
  return {
    hosts,
    reached: () => reached.size,
    attempts: () => attempts,
    [Symbol.asyncDispose]: async () => {
      for (const connection of open) connection.end();
      await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    },
  };
}
