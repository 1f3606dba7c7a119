// Where a repository of scripts lies, as the configuration names it, judged before git is started: https, ssh, or a folder of this machine.
import path from 'node:path';
import { type HostRules, judgedHost } from '#console/outgoing/outside-host.ts';
import { AppError } from '#shared/base/errors.ts';

export interface SshFiles {
  keyFile: string;
  knownHostsFile: string;
}

export interface GitPlace {
  url: string;
  /** Of ssh alone. */
  ssh?: SshFiles | undefined;
}

/** What git is told besides the URL: it connects to the address that was judged, and speaks one protocol. */
export interface GitWay {
  url: string;
  config: string[];
  environment: Record<string, string>;
}

const PORTS = { 'https:': 443, 'ssh:': 22 } as const;
/** A host, a user, a path: nothing of them is read by the shell that git starts ssh with, nor as an option. */
const PLAIN_FILE = /^\/[\w./-]{1,500}$/;
const USER = /^[a-z_][a-z0-9_-]{0,31}$/i;

const plainFile = (file: string, what: string): string => {
  if (!PLAIN_FILE.test(file)) throw new AppError('config-invalid', `${what}: an absolute path of plain characters`);
  return file;
};

/** Throws `config-invalid` or `denied` for what git may not be sent to. */
export async function gitWay(
  { url: text, ssh }: GitPlace,
  rules: Pick<HostRules, 'allowHosts' | 'lookup'>,
): Promise<GitWay> {
  if (text.startsWith('/'))
    return { url: `file://${plainFile(path.normalize(text), 'repository')}`, config: only('file'), environment: {} };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'ssh:'))
    throw new AppError('config-invalid', 'a repository is reached by https://, ssh:// or as a folder of this machine');
  if (url.password !== '' || url.search !== '' || url.hash !== '')
    throw new AppError('config-invalid', `repository at ${url.hostname}: its URL holds no password, ? or #`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? PORTS[url.protocol] : Number(url.port);
  const address = await judgedHost(host, port, { ...rules, ports: new Set([PORTS[url.protocol]]) });
  if (url.protocol === 'https:') {
    if (url.username !== '') throw new AppError('config-invalid', `repository at ${host}: its URL holds no user`);
    const pinned = address.includes(':') ? `[${address}]` : address;
    return {
      url: url.href,
      config: [
        ...only('https'),
        `http.curloptResolve=${host}:${port}:${pinned}`,
        'http.followRedirects=false',
        'http.proxy=',
      ],
      environment: {},
    };
  }
  return { url: url.href, config: only('ssh'), environment: { GIT_SSH_COMMAND: sshCommand(url, address, ssh) } };
}

const only = (protocol: string): string[] => ['protocol.allow=never', `protocol.${protocol}.allow=always`];

/** Known hosts and one key, nothing of this account's own; the name is checked, the judged address is connected to. */
function sshCommand(url: URL, address: string, ssh: SshFiles | undefined): string {
  if (ssh === undefined)
    throw new AppError('config-invalid', `repository at ${url.hostname}: ssh needs a key and known hosts`);
  if (!USER.test(url.username))
    throw new AppError('config-invalid', `repository at ${url.hostname}: ssh needs a plain user`);
  const options = [
    ...['BatchMode=yes', 'StrictHostKeyChecking=yes', 'IdentitiesOnly=yes', 'ProxyCommand=none', 'ConnectTimeout=10'],
    `UserKnownHostsFile=${plainFile(ssh.knownHostsFile, 'knownHostsFile')}`,
    ...['GlobalKnownHostsFile=/dev/null', 'ForwardAgent=no', 'ClearAllForwardings=yes'],
    `HostKeyAlias=${url.port === '' ? url.hostname : `[${url.hostname}]:${url.port}`}`,
    `HostName=${address}`,
  ];
  return ['ssh -F /dev/null', `-i ${plainFile(ssh.keyFile, 'keyFile')}`, ...options.map((one) => `-o '${one}'`)].join(
    ' ',
  );
}
