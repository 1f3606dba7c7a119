// The oldest protocol whose relays know what an order asks for: an older one would only call it a manifest without form.
import type { SignedManifest } from '#shared/model/manifest.ts';
import { PROTOCOL_MIN } from '#shared/protocol/version.ts';

/** The first whose relays know the action catalogue, and orders that open a session. */
export const CATALOGUE_PROTOCOL = 10;

/** The first whose relays know scripts of the library. */
const SCRIPT_PROTOCOL = 12;

/** What every relay knows, also those from before the catalogue. */
const KNOWN_TO_ALL: readonly string[] = ['command.run', 'identity.accept', 'service.restart'];

/** Text that cannot be read is the relay's to refuse. */
export function neededProtocol({ manifest }: Pick<SignedManifest, 'manifest'>): number {
  const name = nameIn(manifest);
  if (name === undefined || KNOWN_TO_ALL.includes(name)) return PROTOCOL_MIN;
  return name.startsWith('script.') ? SCRIPT_PROTOCOL : CATALOGUE_PROTOCOL;
}

function nameIn(manifest: string): string | undefined {
  try {
    const read: unknown = JSON.parse(manifest);
    const action: unknown = isRecord(read) ? read.action : undefined;
    return isRecord(action) && typeof action.name === 'string' ? action.name : undefined;
  } catch {
    return undefined; // the relay says what is wrong with it
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
