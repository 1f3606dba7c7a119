// What is said about a remote shell on the wire, and what its answers hold (MS-WSMV 2.2.4 and 3.1.4.1.31).
import { xmlText } from './envelope-write.ts';
import { DONE, NS } from './namespaces.ts';
import { childOf, childrenOf, type XmlElement } from './xml-read.ts';

export interface OutputChunk {
  stream: 'stdout' | 'stderr';
  /** May end in the middle of a character. */
  bytes: Uint8Array;
}

// 5 min: a shell whose relay is gone ends by itself soon, as each one counts against the limit of its login.
const SHELL_IDLE = 'PT300.000S';

export const createBody =
  `<rsp:Shell><rsp:IdleTimeOut>${SHELL_IDLE}</rsp:IdleTimeOut>` +
  '<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>';

export const commandBody = (program: string, args: readonly string[]): string =>
  `<rsp:CommandLine><rsp:Command>${xmlText(program)}</rsp:Command>` +
  `${args.map((each) => `<rsp:Arguments>${xmlText(each)}</rsp:Arguments>`).join('')}</rsp:CommandLine>`;

export const sendBody = (command: string, bytes: Uint8Array, isEnd: boolean): string =>
  `<rsp:Send><rsp:Stream Name="stdin" CommandId="${xmlText(command)}"${isEnd ? ' End="true"' : ''}>` +
  `${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}</rsp:Stream></rsp:Send>`;

export const receiveBody = (command: string): string =>
  `<rsp:Receive><rsp:DesiredStream CommandId="${xmlText(command)}">stdout stderr</rsp:DesiredStream></rsp:Receive>`;

export const signalBody = (command: string, code: string): string =>
  `<rsp:Signal CommandId="${xmlText(command)}"><rsp:Code>${code}</rsp:Code></rsp:Signal>`;

/** An id is a GUID; it goes back to the machine and into nothing else. */
const ID = /^[A-Za-z0-9{}-]{1,64}$/;
const asId = (text: string | undefined): string | undefined => (ID.test(text?.trim() ?? '') ? text?.trim() : undefined);

/** Newer machines say it in the shell, all of them in the address of what was created. */
export function shellIdIn(content: XmlElement | undefined): string | undefined {
  if (content?.local === 'Shell' && content.uri === NS.shell) return asId(childOf(content, NS.shell, 'ShellId')?.text);
  const created = content?.local === 'ResourceCreated' && content.uri === NS.transfer ? content : undefined;
  const set = childOf(childOf(created, NS.addressing, 'ReferenceParameters'), NS.wsman, 'SelectorSet');
  const selector = childrenOf(set, NS.wsman, 'Selector').find((each) => each.attributes.get('Name') === 'ShellId');
  return asId(selector?.text);
}

export function commandIdIn(content: XmlElement | undefined): string | undefined {
  if (content?.local !== 'CommandResponse' || content.uri !== NS.shell) return undefined;
  return asId(childOf(content, NS.shell, 'CommandId')?.text);
}

export interface Received {
  chunks: OutputChunk[];
  /** True once the command is over; the ends of single streams say nothing, the other one may still speak. */
  isDone: boolean;
  exitCode: number | undefined;
}

/** Undefined for what is no answer to a Receive, or holds bytes that cannot be read: output with a hole is none. */
export function receivedIn(content: XmlElement | undefined, command: string): Received | undefined {
  if (content?.local !== 'ReceiveResponse' || content.uri !== NS.shell) return undefined;
  const chunks: OutputChunk[] = [];
  for (const element of childrenOf(content, NS.shell, 'Stream')) {
    const stream = element.attributes.get('Name');
    const isOurs = sameId(element.attributes.get('CommandId'), command) && (stream === 'stdout' || stream === 'stderr');
    if (!isOurs) continue;
    const bytes = fromBase64(element.text);
    if (bytes === undefined) return undefined;
    if (bytes.length > 0) chunks.push({ stream, bytes });
  }
  const state = childrenOf(content, NS.shell, 'CommandState').find((each) =>
    sameId(each.attributes.get('CommandId'), command),
  );
  const code = childOf(state, NS.shell, 'ExitCode')?.text.trim() ?? '';
  return {
    chunks,
    isDone: state?.attributes.get('State') === DONE,
    exitCode: /^-?\d{1,10}$/.test(code) ? Number(code) : undefined,
  };
}

const sameId = (id: string | undefined, command: string): boolean => id?.toUpperCase() === command.toUpperCase();

function fromBase64(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  const padding = trimmed.endsWith('==') ? 2 : trimmed.endsWith('=') ? 1 : 0;
  // Node reads over what is no base64; the length shows it.
  return trimmed.length % 4 === 0 && bytes.length === (trimmed.length / 4) * 3 - padding ? bytes : undefined;
}
