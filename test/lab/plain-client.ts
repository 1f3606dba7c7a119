// A plain SSH client for tests and benches of the lab itself: logs in, runs text, and checks nothing a relay would.
import { connect as dial } from 'node:net';
import ssh2 from 'ssh2';
import type { LabDevice } from './lab.ts';

export interface Login {
  client: ssh2.Client;
  /** Fingerprint of the key the device showed. */
  hostKey: string;
}

export interface Answer {
  code: number | null | undefined;
  signal: string | undefined;
  stdout: string;
}

/** Logs in with the lab's key, or with `password`; the caller destroys the client. */
export function login(to: LabDevice, password?: string): Promise<Login> {
  const client = new ssh2.Client();
  const sock = dial({ host: to.address, port: to.port, noDelay: true });
  let hostKey = '';
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve({ client, hostKey }));
    client.on('error', reject);
    client.once('close', () => reject(new Error('closed')));
    client.connect({
      sock,
      username: to.user,
      readyTimeout: 60_000, // a whole lab logs in at once on two cores
      hostHash: 'sha256',
      hostVerifier: (hash: string) => {
        hostKey = `SHA256:${Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')}`;
        return true;
      },
      ...(password === undefined ? { privateKey: to.clientKeyPem } : { password }),
    });
  });
}

/** Runs a script; destroys the channel once it has printed more than `maxBytes`. */
export function run(client: ssh2.Client, script: string, maxBytes = Number.POSITIVE_INFINITY): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client.exec('exec /bin/sh -s', (error, channel) => {
      if (error) return reject(error);
      const chunks: Buffer[] = [];
      let size = 0;
      let end: Pick<Answer, 'code' | 'signal'> = { code: undefined, signal: undefined };
      channel.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes) channel.destroy();
      });
      channel.stderr.resume();
      channel.once('exit', (code: number | null, signal?: string) => {
        end = { code, signal };
      });
      channel.once('close', () => resolve({ ...end, stdout: Buffer.concat(chunks).toString() }));
      channel.end(script);
    });
  });
}
