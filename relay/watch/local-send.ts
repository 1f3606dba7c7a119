// Hands a mail of a signed local route to its server, with a login that may go there.
import { lookup } from 'node:dns/promises';
import type { Credential } from '#relay/transport/credentials.ts';
import { isInRange } from '#shared/base/ip-range.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { LocalRoute } from '#shared/model/watch-policy.ts';
import { type Mail, type MailServer, sendMail } from '#shared/send/mail.ts';
import type { SendOutcome } from '#shared/send/send-outcome.ts';

export interface LocalSendDeps {
  credential: (name: string) => Outcome<Credential> | undefined;
  /** The first address of a host. */
  addressOf?: (host: string) => Promise<string>;
  send?: typeof sendMail;
}

const firstAddress = async (host: string): Promise<string> => (await lookup(host)).address;

export function localSender({
  credential,
  addressOf = firstAddress,
  send = sendMail,
}: LocalSendDeps): (route: LocalRoute, mail: Mail) => Promise<SendOutcome> {
  return async ({ mail: { host, port, security, credential: name } }, mail) => {
    const server: MailServer = { host, port, security };
    if (name === undefined) return send(server, mail);
    const found = credential(name);
    if (found === undefined) return refused(`this relay has no credential ${name}`);
    if (!found.ok) return refused(found.detail);
    const { user, password, hook, binding } = found.value;
    if (password === undefined || hook !== undefined) return refused(`credential ${name} holds no password`);
    // Bound to devices or to ways to reach them, it is for those.
    if (binding?.devices !== undefined || binding?.transports !== undefined)
      return refused(`credential ${name} is bound to devices, not to a mail server`);
    const login = { user, password };
    if (binding?.ranges === undefined) return send({ ...server, login }, mail);
    const address = await addressOf(host).catch(() => undefined);
    if (address === undefined) return { ok: false, isLasting: false, detail: `${host}: no address` };
    if (!binding.ranges.some((range) => isInRange(address, range)))
      return refused(`credential ${name} may not go to ${address}`);
    return send({ ...server, login, address }, mail);
  };
}

const refused = (detail: string): SendOutcome => ({ ok: false, isLasting: true, detail });
