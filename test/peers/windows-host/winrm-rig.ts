// A client of ours on a fake Windows host: the relay's own WinRM, logged in with NTLM.
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Verdict } from '#relay/transport/credential-breaker.ts';
import { NtlmContext } from '#relay/transport/ntlm/ntlm-context.ts';
import { ntlmLogin } from '#relay/transport/ntlm/ntlm-login.ts';
import { WinrmClient } from '#relay/transport/winrm/client.ts';
import { openWsmanConnection, type WsmanSecurity } from '#relay/transport/winrm/wsman-connection.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { systemRandom as random } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import { startWindowsHost, type WindowsHost, type WindowsHostOptions } from './windows-host.ts';

export interface WinrmRig {
  windows: WindowsHost;
  client: WinrmClient;
  verdicts: Verdict[];
}

export interface RigOptions extends WindowsHostOptions {
  scheme?: 'http' | 'https';
  password?: string;
  silenceMs?: number;
  /** Another proof than the account's NTLM. */
  newContext?: WsmanSecurity['newContext'];
}

/** Both end with the test. */
export async function winrmRig({
  scheme = 'http',
  password,
  silenceMs,
  newContext,
  ...options
}: RigOptions = {}): Promise<WinrmRig> {
  const windows = await startWindowsHost(options);
  const verdicts: Verdict[] = [];
  const { address, user } = windows;
  const port = scheme === 'http' ? windows.port : windows.tlsPort;
  const login = ntlmLogin(user, password ?? windows.password);
  const ntlm: WsmanSecurity['newContext'] = (channelBinding) => {
    const context = new NtlmContext({
      ...{ login, channelBinding, clock },
      targetName: 'HTTP/fake.test',
      demand: 'seal',
      randomBytes: (size) => randomBytes(size),
    });
    return Promise.resolve(succeed(context));
  };
  const connect = () =>
    openWsmanConnection(
      { name: 'fake', host: 'fake.test', address, port, scheme },
      {
        newContext: newContext ?? ntlm,
        onCertificate: () => undefined,
        onVerdict: (verdict) => verdicts.push(verdict),
      },
      // 20 s: a busy machine; nothing here waits for them.
      { clock, connectMs: 20_000, loginMs: 20_000 },
    );
  const client = new WinrmClient({
    connect,
    clock,
    random,
    name: 'fake',
    ...(silenceMs === undefined ? {} : { silenceMs }),
  });
  onTestFinished(async () => {
    await client.close();
    await windows.stop();
  });
  return { windows, client, verdicts };
}
