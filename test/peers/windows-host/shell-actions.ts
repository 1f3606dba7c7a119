// The actions of WinRS shells as the fake host carries them out (MS-WSMV 3.1.4.5, 3.1.4.11 to 3.1.4.14).
import type { HostLimits, HostMode } from './host-mode.ts';
import type { Received } from './shell-command.ts';
import type { Shell, Shells } from './shells.ts';
import type { SoapRequest } from './soap.ts';
import { FAULTS } from './wsman-fault.ts';
import { ACTION, CMD_RESOURCE, NS } from './wsman-names.ts';
import { childOf, childrenOf, escapeXml, textOf } from './xml-tree.ts';

export interface ShellActionsDeps {
  limits: HostLimits;
  mode: () => HostMode;
  shells: Shells;
}

const DEFAULT_ENVELOPE_BYTES = 153_600;
const SIGNALS = `${NS.shell}/signal`;
const STATES = `${NS.shell}/CommandState`;

export class ShellActions {
  readonly #deps: ShellActionsDeps;

  constructor(deps: ShellActionsDeps) {
    this.#deps = deps;
  }

  carryOut(request: SoapRequest, user: string): Promise<string> | string {
    const { action, resourceUri } = request;
    const isShell = [ACTION.create, ACTION.delete, ACTION.command, ACTION.send, ACTION.receive, ACTION.signal].some(
      (one) => one === action,
    );
    if (!isShell) throw FAULTS.unknownAction(action);
    if (resourceUri !== CMD_RESOURCE) throw FAULTS.unknownResource(resourceUri);
    if (this.#deps.mode().deniesShells) throw FAULTS.accessDenied();
    if (action === ACTION.create) return this.#create(request, user);
    const shell = this.#deps.shells.shell(request.selectors.get('ShellId'), user);
    switch (action) {
      case ACTION.command:
        return this.#command(request, shell);
      case ACTION.send:
        return this.#send(request, shell);
      case ACTION.receive:
        return this.#receive(request, shell);
      case ACTION.signal:
        return this.#signal(request, shell);
      default:
        this.#deps.shells.delete(shell);
        return '';
    }
  }

  #create({ body }: SoapRequest, user: string): string {
    const ask = childOf(body, NS.shell, 'Shell');
    const variables = childrenOf(childOf(ask, NS.shell, 'Environment'), NS.shell, 'Variable');
    const environment = new Map(variables.map((one) => [one.attributes.get('Name') ?? '', one.text]));
    const shell = this.#deps.shells.create(user, environment, ask?.attributes.get('ShellId'));
    const selectors = `<w:SelectorSet><w:Selector Name="ShellId">${escapeXml(shell.id)}</w:Selector></w:SelectorSet>`;
    const created = `<x:ResourceCreated><a:Address>http://127.0.0.1/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>${CMD_RESOURCE}</w:ResourceURI>${selectors}</a:ReferenceParameters></x:ResourceCreated>`;
    return `${created}<rsp:Shell><rsp:ShellId>${escapeXml(shell.id)}</rsp:ShellId><rsp:ResourceUri>${CMD_RESOURCE}</rsp:ResourceUri><rsp:Owner>${escapeXml(user)}</rsp:Owner><rsp:ClientIP>127.0.0.1</rsp:ClientIP><rsp:IdleTimeOut>PT${this.#deps.limits.shellIdleMs / 1_000}.000S</rsp:IdleTimeOut><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams><rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime><rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>`;
  }

  #command({ body }: SoapRequest, shell: Shell): string {
    const ask = childOf(body, NS.shell, 'CommandLine');
    const command = textOf(childOf(ask, NS.shell, 'Command')) ?? '';
    const given = childrenOf(ask, NS.shell, 'Arguments').map((one) => one.text);
    const line = [command, ...given].join(' ');
    // 8191: what cmd.exe takes in one line.
    if (line.length > 8_191) throw FAULTS.badEnvelope('the command line is too long');
    const begun = this.#deps.shells.command(shell, line);
    return `<rsp:CommandResponse><rsp:CommandId>${begun.id}</rsp:CommandId></rsp:CommandResponse>`;
  }

  #send({ body }: SoapRequest, shell: Shell): string {
    for (const stream of childrenOf(childOf(body, NS.shell, 'Send'), NS.shell, 'Stream')) {
      const command = this.#deps.shells.commandOf(shell, stream.attributes.get('CommandId'));
      const isEnd = /^(true|1)$/i.test(stream.attributes.get('End') ?? '');
      command.send(Buffer.from(stream.text, 'base64'), isEnd);
    }
    return '<rsp:SendResponse/>';
  }

  async #receive({ body, timeoutMs, maxEnvelopeBytes }: SoapRequest, shell: Shell): Promise<string> {
    const ask = childOf(childOf(body, NS.shell, 'Receive'), NS.shell, 'DesiredStream');
    const command = this.#deps.shells.commandOf(shell, ask?.attributes.get('CommandId'));
    const waitMs = timeoutMs ?? this.#deps.limits.maxTimeoutMs;
    // Base64 makes 4 of 3, and the envelope needs room.
    const room = Math.max(1_024, Math.floor(((maxEnvelopeBytes ?? DEFAULT_ENVELOPE_BYTES) - 4_096) * 0.7));
    const received = await command.receive(waitMs, Math.min(room, 128 * 1_024));
    return writeReceived(command.id, received);
  }

  #signal({ body }: SoapRequest, shell: Shell): string {
    const ask = childOf(body, NS.shell, 'Signal');
    const command = this.#deps.shells.commandOf(shell, ask?.attributes.get('CommandId'));
    const code = textOf(childOf(ask, NS.shell, 'Code')) ?? '';
    if (/ctrl_(c|break)$/.test(code)) command.interrupt();
    else if (/terminate$/i.test(code)) {
      command.terminate();
      shell.commands.delete(command.id);
    } else throw FAULTS.badEnvelope(`${SIGNALS}: no such code`);
    return '<rsp:SignalResponse/>';
  }
}

function writeReceived(id: string, { pieces, exitCode }: Received): string {
  const streams = pieces.map(
    ({ stream, bytes }) => `<rsp:Stream Name="${stream}" CommandId="${id}">${bytes.toString('base64')}</rsp:Stream>`,
  );
  if (exitCode === undefined)
    return `<rsp:ReceiveResponse>${streams.join('')}<rsp:CommandState CommandId="${id}" State="${STATES}/Running"/></rsp:ReceiveResponse>`;
  const ends = ['stdout', 'stderr'].map((name) => `<rsp:Stream Name="${name}" CommandId="${id}" End="true"/>`);
  return `<rsp:ReceiveResponse>${streams.join('')}${ends.join('')}<rsp:CommandState CommandId="${id}" State="${STATES}/Done"><rsp:ExitCode>${exitCode}</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>`;
}
