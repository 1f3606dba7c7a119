// A console of the built bundle on ports and a folder of its own, and the API by its local token.
import { createServer } from 'node:net';
import path from 'node:path';
import { type Api, apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import type { Bundles } from './bundles.ts';
import { Program } from './program.ts';

export interface ConsoleProgram {
  program: Program;
  data: string;
  /** Its database. */
  file: string;
  relayPort: number;
}

/** Not started yet. The ports stay the same over all its lives. */
export async function consoleProgram(
  folder: string,
  bundles: Bundles,
  env: () => Readonly<Record<string, string>> = () => ({}),
): Promise<ConsoleProgram> {
  const [http, https, relayPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const data = path.join(folder, 'console');
  const ports = ['--http-port', `${http}`, '--https-port', `${https}`, '--relay-port', `${relayPort}`];
  const program = new Program({
    name: 'console',
    script: bundles.rmm,
    args: ['console', '--data', data, '--names', '127.0.0.1', '--log', 'warn', ...ports],
    logFile: path.join(folder, 'console.log'),
    env,
  });
  return { program, data, file: path.join(data, 'console.db'), relayPort };
}

/** Once it is ready. */
export const apiOf = async ({ data }: ConsoleProgram): Promise<Api> => apiClient(await loadProfile({ data }, {}));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
