// A PostgreSQL address as people write it (postgresql://user:password@host:port/database?sslmode=...), read for the driver.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { AppError } from '#shared/base/errors.ts';

export interface PostgresAddress {
  host?: string;
  port?: number;
  database?: string;
  user?: string;
  password?: string;
  /** Options of Node's TLS; false speaks in the clear. */
  ssl: false | { rejectUnauthorized: boolean; host?: string; ca?: string; cert?: string; key?: string };
}

const fault = (why: string) => new AppError('config-invalid', `the address of PostgreSQL: ${why}`);

/** An empty host (then `?host=` names the folder of a socket) is no URL to the parser; this stands in its place. */
const NO_HOST = 'no-host.invalid';

function parse(text: string): URL {
  if (!/^postgres(ql)?:\/\//.test(text)) throw fault('begins with postgresql://');
  const whole = text.replace(/^(\w+:\/\/(?:[^/?#]*@)?)(?=[/?#]|$)/, `$1${NO_HOST}`);
  // The text holds a password: it is not repeated.
  if (!URL.canParse(whole)) throw fault('is no URL');
  return new URL(whole);
}

/** Without the escapes of a URL. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // It may be the password, and what the driver says of it would repeat it.
    throw fault('has a % that begins no escape; a % of its own is written %25');
  }
}

const given = <K extends string>(name: K, value: string | undefined): { [name in K]?: string } =>
  // The compiler does not follow a computed name.
  value === undefined || value === '' ? {} : ({ [name]: value } as { [name in K]: string });

const fileOf = (query: URLSearchParams, name: string): string | undefined => {
  const file = query.get(name);
  return file === null ? undefined : readFileSync(file, 'utf8');
};

/** Every mode that speaks TLS proves who the server is, unless `no-verify` says that it need not. */
function tlsOf(query: URLSearchParams, mode: string | undefined, host = ''): PostgresAddress['ssl'] {
  if (mode === undefined || mode === 'disable') return false;
  if (!['prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'].includes(mode))
    throw fault(`sslmode ${mode} is not known (disable, require, verify-full or no-verify)`);
  return {
    rejectUnauthorized: mode !== 'no-verify',
    // The driver tells TLS of names alone: an address would be looked for in the certificate as "localhost".
    ...(isIP(host) === 0 ? {} : { host }),
    ...given('ca', fileOf(query, 'sslrootcert')),
    ...given('cert', fileOf(query, 'sslcert')),
    ...given('key', fileOf(query, 'sslkey')),
  };
}

/** What the address does not say, the driver takes from PGHOST and its like. */
export function readPostgresAddress(text: string, env: Readonly<Record<string, string | undefined>>): PostgresAddress {
  const url = parse(text);
  const written = url.searchParams.get('host') ?? (url.hostname === NO_HOST ? undefined : url.hostname);
  const host = written === undefined ? undefined : plain(written).replace(/^\[|\]$/g, '');
  return {
    ...given('host', host),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...given('database', plain(url.pathname.slice(1))),
    ...given('user', plain(url.username)),
    ...given('password', plain(url.password)),
    ssl: tlsOf(url.searchParams, url.searchParams.get('sslmode') ?? env['PGSSLMODE'], host),
  };
}
