// May this credential be offered to that machine? The one rule, pure: what asks is never believed, only what was bound and pinned.
import type { EpochMs } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { isInRange } from '#shared/base/ip-range.ts';
import type { CredentialBinding, Purpose } from './credential.ts';
import type { TransportKind } from './device.ts';

/** The host key the device must show, and who said so. */
export type HostKeyPin = { by: 'nobody' } | { by: 'first-use' | 'signer'; key: string };

/** The pin of an identity; a key that joined a signed identity later is of first use, like any other. */
export function hostKeyPinOf(key: string | undefined, signedKey: string | undefined): HostKeyPin {
  return key === undefined ? { by: 'nobody' } : { by: key === signedKey ? 'signer' : 'first-use', key };
}

export interface OfferAsk {
  purpose: Purpose;
  device: DeviceId;
  transport: TransportKind;
  /** The address at the other end of the connection, never a name; undefined before there is one. */
  address: string | undefined;
  secret: 'password' | 'key';
  /**
   * How the machine proves itself. Absent: by a key it shows. `kerberos`: through the realm, and no secret reaches it.
   * `none`: not at all, as with NTLM over plain HTTP. `smb`: by what it makes of the password; a key of its own it shows
   * only behind the login.
   */
  proof?: 'kerberos' | 'none' | 'smb';
  /** The ticket is for a service of another name than the machine is met by: it could be handed on to that one. */
  isForOther?: boolean;
  pin: HostKeyPin;
  site: {
    /** Networks that the owners named in the charter. */
    networks: readonly string[];
    /** Profile `solo`: a machine may be believed at first sight, within ranges. */
    isFirstUseAllowed: boolean;
  };
  now: EpochMs;
}

export const OFFER_REFUSALS = [
  'purpose', // bound to the other purpose
  'transport', // not for this way of talking
  'expired',
  'weakest', // a password, where only keys are allowed
  'device', // not one of the devices it is for
  'host-key', // the device is pinned to another key than the one vouched for
  'unsigned-host-key', // this site believes no machine at first sight
  'outside-ranges', // the address lies in none of its ranges
  'no-host-key', // it shows no key this way, and must show the one that is pinned or vouched for
  'ntlm-over-http', // plain HTTP, and nobody allowed it for this login, or an order asks
  'no-range', // a password without ranges, and the owners named no network that holds the address
] as const;
export type OfferRefusal = (typeof OFFER_REFUSALS)[number];

/** What depends on the address and the pin: it is judged when the machine has shown its key. */
export const PLACE_REFUSALS: ReadonlySet<OfferRefusal> = new Set(['unsigned-host-key', 'outside-ranges', 'no-range']);

export type OfferVerdict = { may: true; hostKey: string | undefined } | { may: false; why: OfferRefusal };

const ANY_KEY: OfferVerdict = { may: true, hostKey: undefined };
const no = (why: OfferRefusal): OfferVerdict => ({ may: false, why });

/** `binding` is undefined for a file of a relay that was stored without one. `hostKey` is the key the machine must show. */
export function mayOffer(binding: CredentialBinding | undefined, ask: OfferAsk): OfferVerdict {
  const misfit = binding === undefined ? undefined : misfitOf(binding, ask);
  if (misfit !== undefined) return no(misfit);
  const pinned = ask.pin.by === 'nobody' ? undefined : ask.pin.key;
  const vouched = binding?.devices?.find(({ device }) => device === ask.device)?.hostKey;
  if (ask.proof !== undefined) return keylessVerdict(binding, ask, pinned ?? vouched);
  if (vouched !== undefined)
    return pinned === undefined || pinned === vouched ? { may: true, hostKey: vouched } : no('host-key');
  const misplaced = ask.pin.by === 'signer' ? undefined : misplacedOf(binding, ask);
  return misplaced === undefined ? { may: true, hostKey: pinned } : no(misplaced);
}

/** Where the machine shows no key: a place is all there is to go by, and a login that goes there says so itself. */
function keylessVerdict(
  binding: CredentialBinding | undefined,
  ask: OfferAsk,
  expectedKey: string | undefined,
): OfferVerdict {
  // Its answer may be carried elsewhere or guessed at: whoever stored the login said that it may go this way.
  if (ask.proof === 'smb' && binding?.transports?.includes('smb') !== true) return no('transport');
  if (expectedKey !== undefined && ask.proof !== 'smb') return no('no-host-key');
  if (ask.proof === 'none' && (binding?.ntlmOverHttp !== true || ask.purpose !== 'monitor'))
    return no('ntlm-over-http');
  const { ranges } = binding ?? {};
  if (ranges !== undefined) return isIn(ask.address, ranges) ? ANY_KEY : no('outside-ranges');
  const isItsOwn = ask.proof === 'kerberos' && ask.isForOther !== true;
  return isItsOwn || isIn(ask.address, ask.site.networks) ? ANY_KEY : no('no-range');
}

/** What holds wherever the machine is. */
function misfitOf(binding: CredentialBinding, ask: OfferAsk): OfferRefusal | undefined {
  if (binding.purpose !== 'both' && binding.purpose !== ask.purpose) return 'purpose';
  if (binding.transports !== undefined && !binding.transports.includes(ask.transport)) return 'transport';
  if (binding.notAfter !== undefined && binding.notAfter <= ask.now) return 'expired';
  if (binding.weakest === 'key' && ask.secret === 'password') return 'weakest';
  const isListed = binding.devices?.some(({ device }) => device === ask.device) ?? true;
  return isListed ? undefined : 'device';
}

/** A machine whose key no signer named: it is believed for where it stands, if at all. */
function misplacedOf(binding: CredentialBinding | undefined, ask: OfferAsk): OfferRefusal | undefined {
  const { isFirstUseAllowed, networks } = ask.site;
  if (!isFirstUseAllowed && (ask.secret === 'password' || ask.pin.by === 'nobody')) return 'unsigned-host-key';
  if (binding?.ranges !== undefined) return isIn(ask.address, binding.ranges) ? undefined : 'outside-ranges';
  // A key proves itself and stays here: without ranges only a password needs a place.
  if (ask.secret === 'key') return undefined;
  return isIn(ask.address, networks) ? undefined : 'no-range';
}

const isIn = (address: string | undefined, ranges: readonly string[]) =>
  address !== undefined && ranges.some((range) => isInRange(address, range));
