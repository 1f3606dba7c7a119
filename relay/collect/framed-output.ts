// Reads a collector script's output: sections between markers that carry a random nonce. Noise before is passed over, a missing end is a failure.

import type { RunResult } from '#relay/transport/transport.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';

/** Lines by section, in order; a section the device could not read is absent. */
export type Sections = ReadonlyMap<string, readonly string[]>;

/** No source of ours has longer lines; what is longer is passed over, so that every pattern below works on little text. */
const MAX_LINE_CHARS = 4_096;

/** The output as text: invalid UTF-8 becomes U+FFFD, CRLF becomes LF. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');

/**
 * The sections of a complete answer. Anything else is `malformed` (or `too-large`), never a part of the numbers:
 * no begin or end marker of this nonce, another form or system, a shell that did not end by itself.
 */
export function sectionsOf(result: RunResult, nonce: string, system: string): Outcome<Sections> {
  const text = framedText(result, nonce, system);
  return text.ok ? succeed(split(text.value, `${nonce} `)) : text;
}

/** What stands between the two markers. */
export function framedText(result: RunResult, nonce: string, system: string): Outcome<string> {
  if (result.isTruncated) return fail('too-large', 'the answer is larger than a collector reads');
  const text = textOf(result.stdout);
  const begin = `${nonce} begin 1 ${system}\n`;
  const from = text.indexOf(begin);
  if (from < 0) return fail('malformed', `the answer has no begin marker (${endText(result)})`);
  const body = text.slice(from + begin.length);
  const to = `\n${body}`.indexOf(`\n${nonce} end\n`);
  if (to < 0) return fail('malformed', `the answer has no end marker (${endText(result)})`);
  if (result.end.kind !== 'exit' || result.end.code !== 0) return fail('malformed', `the script ${endText(result)}`);
  return succeed(body.slice(0, to));
}

function endText({ end }: RunResult): string {
  if (end.kind === 'exit') return `ended with code ${end.code}`;
  if (end.kind === 'signal') return `was ended by ${end.signal.slice(0, 32)}`;
  return 'ended without a status';
}

function split(body: string, mark: string): Sections {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of body.split('\n')) {
    if (line.startsWith(mark)) {
      const name = line.slice(mark.length);
      lines = sections.get(name) ?? [];
      sections.set(name, lines);
    } else if (line !== '' && line.length <= MAX_LINE_CHARS) {
      lines.push(line);
    }
  }
  return sections;
}
