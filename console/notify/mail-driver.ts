// Hands a message to a mail server: where a person may have it stand, in one thread for one incident.
import { type HostRules, judgedHost } from '#console/outgoing/outside-host.ts';
import { describeError } from '#shared/base/errors.ts';
import { sendMail } from '#shared/send/mail.ts';
import type { OpenChannel } from './channel-values.ts';
import { type Delivered, type Delivery, hidden } from './http-driver.ts';
import { mailHtml } from './mail-html.ts';
import { plainText } from './message.ts';

/** Relaying, submission over TLS, submission, and what hosters open where 25 is closed. */
const MAIL_PORTS: ReadonlySet<number> = new Set([25, 465, 587, 2_525]);

export type HostDoor = Pick<HostRules, 'allowHosts' | 'lookup'>;

const securityOf = (text: string | undefined): 'tls' | 'starttls' | 'none' =>
  text === 'tls' || text === 'none' ? text : 'starttls';

function loginOf({ settings, secrets }: OpenChannel): { user: string; password: string } | undefined {
  const user = settings['user'] ?? '';
  return user === '' ? undefined : { user, password: secrets['password'] ?? '' };
}

export async function deliverMail(
  { told, channel, to }: Delivery,
  { door, signal }: { door: HostDoor; signal?: AbortSignal },
): Promise<Delivered> {
  const { settings } = channel;
  const host = settings['host'] ?? '';
  const port = Number(settings['port']);
  try {
    const address = await judgedHost(host, port, { ...door, ports: MAIL_PORTS });
    const ca = settings['ca'] ?? '';
    const server = { host, port, security: securityOf(settings['security']), login: loginOf(channel), address };
    return await sendMail(
      { ...server, ...(ca === '' ? {} : { ca }) },
      {
        from: settings['from'] ?? '',
        to: [to],
        subject: told.subject,
        text: plainText(told),
        html: mailHtml(told),
        id: told.id,
        thread: `incident-${told.incident}`,
      },
      { signal },
    );
  } catch (error) {
    const { code, message } = describeError(error);
    return { ok: false, isLasting: code === 'denied', detail: hidden(message, channel) };
  }
}
