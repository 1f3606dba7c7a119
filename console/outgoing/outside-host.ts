// For servers that are no web: looks a name up and judges where it leads, as guarded-fetch does, so that the caller connects to what was judged.
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { AppError } from '#shared/base/errors.ts';
import { refusedAddress } from './outside-address.ts';

export interface HostRules {
  /** "host:port" that the configuration names: it may stand inside, and use any port. */
  allowHosts: ReadonlySet<string>;
  /** Of the service, by common use; every other one is named in the configuration. */
  ports: ReadonlySet<number>;
  lookup?: (name: string) => Promise<readonly LookupAddress[]>;
}

const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;
/** A resolver that is gone must not hold a message for ever. */
const LOOKUP_MS = 10_000;

const systemLookup = (name: string) => dns.lookup(name, { all: true, order: 'verbatim' });

/** The address to connect to. Throws `denied` for what may not be reached, `unavailable` where the name leads nowhere. */
export async function judgedHost(host: string, port: number, rules: HostRules): Promise<string> {
  const isNamed = rules.allowHosts.has(`${host.toLowerCase()}:${port}`);
  const shown = `${host.slice(0, 100)}:${port}`;
  if (isIP(host) === 0 && !HOST.test(host)) throw new AppError('denied', `${shown}: this is no name of a host`);
  if (!isNamed && !rules.ports.has(port))
    throw new AppError('denied', `${shown}: port ${port} is not named in outgoing.allowHosts`);
  const found = isIP(host) === 0 ? await lookedUp(host, rules.lookup ?? systemLookup) : [{ address: host }];
  for (const { address } of found) {
    const kind = refusedAddress(address, isNamed);
    if (kind !== undefined)
      throw new AppError('denied', `${shown} is ${kind}, and outgoing.allowHosts does not name it`);
  }
  const [first] = found;
  if (first === undefined) throw new AppError('unavailable', `${shown} leads to no address`);
  return first.address;
}

async function lookedUp(
  host: string,
  lookup: NonNullable<HostRules['lookup']>,
): Promise<readonly { address: string }[]> {
  const late = new Promise<never>((_resolve, reject) =>
    AbortSignal.timeout(LOOKUP_MS).addEventListener('abort', () =>
      reject(new AppError('timed-out', `${host}: its name was not found in time`)),
    ),
  );
  try {
    return await Promise.race([lookup(host), late]);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('unavailable', `${host}: its name leads nowhere`, { cause });
  }
}
