// NTLMv2 as one connection of the fake host accepts it: its challenges, weakened on demand, and its accounts around the judgement.
import { FLAG } from '#relay/transport/ntlm/flags.ts';
import type { ChannelBinding } from '#relay/transport/security-context.ts';
import { type Acceptor, type AcceptStep, LoginRefused, type RefusalReason } from './acceptor.ts';
import type { Accounts } from './accounts.ts';
import type { HostMode } from './host-mode.ts';
import { type LoginFault, makeChallenge, serverSealing, verifyAuthenticate } from './ntlm-server.ts';

/** What a man in the middle takes out of a challenge, or a very old host never had. */
const STRIPPED: Readonly<Record<HostMode['challenge'], number>> = {
  none: 0,
  'no-timestamp': 0,
  'no-seal': FLAG.seal,
  'no-sign': FLAG.sign,
  'no-session-security': FLAG.extendedSessionSecurity,
  'no-key-exchange': FLAG.keyExchange,
  'no-128': FLAG.key128,
  'no-unicode': FLAG.unicode,
  'no-target-info': FLAG.targetInfo,
};

/** The host's own words for a fault. */
const REASONS: Readonly<Record<LoginFault, RefusalReason>> = {
  malformed: 'malformed',
  'weak-flags': 'weak',
  'lm-response': 'weak',
  'ntlm-v1': 'weak',
  'unknown-user': 'unknown-user',
  'wrong-password': 'wrong-password',
  'no-mic': 'no-mic',
  'wrong-mic': 'bad-mic',
  'no-channel-binding': 'channel-binding',
  'wrong-channel-binding': 'channel-binding',
};

export interface NtlmAcceptorOptions extends Pick<HostMode, 'challenge' | 'cbt'> {
  accounts: Accounts;
  machine: string;
  dnsName: string;
  domain: string;
  nowMs: number;
  serverChallenge: Uint8Array;
  /** Of the TLS channel below; undefined over plain HTTP, where there is nothing to bind to. */
  channel: ChannelBinding | undefined;
}

const FILETIME_OF_1970 = 116_444_736_000_000_000n; // 100 ns steps from 1601

export class NtlmAcceptor implements Acceptor {
  readonly #options: NtlmAcceptorOptions;
  #negotiate: Uint8Array | undefined;
  #challenge: Uint8Array = new Uint8Array();

  constructor(options: NtlmAcceptorOptions) {
    this.#options = options;
  }

  step(token: Uint8Array): AcceptStep {
    if (this.#negotiate !== undefined) return { accepted: this.#judge(this.#negotiate, token) };
    const { machine, domain, dnsName, nowMs, serverChallenge, challenge } = this.#options;
    this.#negotiate = Uint8Array.from(token);
    this.#challenge = makeChallenge(token, {
      names: { nbComputer: machine, nbDomain: domain, dnsComputer: dnsName, dnsDomain: dnsName },
      serverChallenge,
      timestamp: challenge === 'no-timestamp' ? undefined : BigInt(Math.floor(nowMs)) * 10_000n + FILETIME_OF_1970,
      without: STRIPPED[challenge],
    });
    return { token: this.#challenge };
  }

  #judge(negotiate: Uint8Array, authenticate: Uint8Array): AcceptStep['accepted'] {
    const { accounts, machine, cbt, channel } = this.#options;
    let named = '';
    const verdict = verifyAuthenticate({
      negotiate,
      challenge: this.#challenge,
      authenticate,
      passwordOf: (user) => {
        named = user;
        return accounts.passwordOf(user);
      },
      channelBinding: cbt === 'none' ? undefined : channel?.applicationData,
      isBindingOptional: cbt === 'relaxed',
    });
    if (!verdict.ok) {
      if (verdict.fault === 'wrong-password') accounts.noteWrongPassword(named);
      throw new LoginRefused(REASONS[verdict.fault]);
    }
    const { user, domain, exportedSessionKey } = verdict;
    return {
      mechanism: 'ntlm',
      user: `${domain === '' ? machine : domain}\\${user}`,
      ...serverSides(exportedSessionKey),
    };
  }
}

/** Methods of their own, so that they may be spread. */
function serverSides(key: Uint8Array) {
  const sealing = serverSealing(key);
  return {
    wrap: (plain: Uint8Array) => sealing.wrap(plain),
    unwrap: (sealed: Parameters<typeof sealing.unwrap>[0]) => sealing.unwrap(sealed),
  };
}
