// Opens the configured database; the connection string of PostgreSQL comes from a file, never from a flag.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { openStore, type Store } from '#console/store/database.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';

export function openConsoleStore(config: ConsoleConfig, data: string, log: Logger): Promise<Store> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (config.store.engine === 'sqlite') return openStore({ engine: 'sqlite', file: path.join(data, 'console.db') });
  return openStore({
    engine: 'postgres',
    connectionString: postgresAddressOf(config) ?? '',
    onError: () => log.error({}, 'an idle PostgreSQL connection broke'),
  });
}

/** Undefined where SQLite holds the control plane. */
export function postgresAddressOf({ store: { engine, postgresUrlFile: file } }: ConsoleConfig): string | undefined {
  if (engine === 'sqlite') return undefined;
  if (file === undefined)
    throw new AppError('config-invalid', 'store.engine is postgres: store.postgresUrlFile must name a file');
  return readFileSync(file, 'utf8').trim();
}
