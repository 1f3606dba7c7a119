// An SSH server that a test makes misbehave after a proper key exchange: what no real sshd does on demand.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import ssh2, { type AuthContext, type Connection, type Server, type ServerChannel } from 'ssh2';
import { toPlainPrivateKey } from '#relay/transport/private-key.ts';
import { receiveScript } from '#test/lab/received-script.ts';

export interface OddBehaviour {
  /** Default: accepts everything. */
  authenticate?: ((context: AuthContext, connection: Connection) => void) | undefined;
  /** Default: refuses none. */
  refusesChannels?: boolean;
  /**
   * Answers a script; the relay's question who it is has been answered already. `begin` prints the marker of the wrapper with the
   * process group it claims to lead.
   */
  answer?: (channel: ServerChannel, begin: (group?: string) => void) => void;
}

export interface OddSshd extends AsyncDisposable {
  port: number;
  /** How many logins were tried. */
  tries(): number;
}

/** Not ssh2's own generator: one in two hundred of its keys is malformed. */
export function newEd25519Pem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return toPlainPrivateKey(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
}

const isIdentityScript = (script: string) => script.includes('smbios-uuid');

function identityAnswer(script: string): string {
  const nonce = /echo "(\S+) begin 1"/.exec(script)?.[1] ?? '';
  return `${nonce} begin 1\nsystem Linux\nhostname odd\nmachine-id 0123456789abcdef\nleader 1\nsetsid 0\n${nonce} end\n`;
}

async function serveChannel(channel: ServerChannel, behaviour: OddBehaviour): Promise<void> {
  channel.on('error', () => undefined);
  const { script, nonce = '' } = await receiveScript(channel, () => undefined);
  const begin = (group = '4242') => {
    channel.write(`${nonce} ${group}\n`);
    channel.stderr.write(`${nonce} ${group}\n`);
  };
  if (isIdentityScript(script) || behaviour.answer === undefined) {
    begin();
    channel.write(isIdentityScript(script) ? identityAnswer(script) : '');
    channel.exit(0);
    channel.end();
    return;
  }
  behaviour.answer(channel, begin);
}

export async function startOddSshd(behaviour: OddBehaviour): Promise<OddSshd> {
  const connections = new Set<Connection>();
  let tries = 0;
  const hostKey = newEd25519Pem();
  const server: Server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      if (context.method !== 'none') tries += 1;
      if (behaviour.authenticate === undefined) context.accept();
      else behaviour.authenticate(context, connection);
    });
    let channels = 0;
    connection.on('session', (accept, reject) => {
      channels += 1;
      if (behaviour.refusesChannels === true && channels > 1) return reject();
      accept().on('exec', (acceptExec) => {
        serveChannel(acceptExec(), behaviour).catch(() => undefined); // the client closed it first
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    port: bound.port,
    tries: () => tries,
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
