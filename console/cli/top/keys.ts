// What a terminal sends when a key is pressed, as names.

const NAMED: ReadonlyMap<string, string> = new Map([
  ['\u001b[A', 'up'],
  ['\u001bOA', 'up'],
  ['\u001b[B', 'down'],
  ['\u001bOB', 'down'],
  ['\u001b[5~', 'page-up'],
  ['\u001b[6~', 'page-down'],
  ['\u001b[H', 'home'],
  ['\u001b[1~', 'home'],
  ['\u001b[F', 'end'],
  ['\u001b[4~', 'end'],
  ['\u001b', 'escape'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\u007f', 'backspace'],
  ['\b', 'backspace'],
  ['\u0003', 'interrupt'],
  ['\u0015', 'clear-line'],
]);

/** A sequence that begins with Escape, or one letter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Escape is what these sequences begin with.
const PART = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O[A-Z])|[\s\S]/gu;

/** Keys of one read: names, or the letter itself; sequences nobody knows are left out. */
export function keysOf(text: string): string[] {
  return (text.match(PART) ?? []).flatMap((part) => {
    const named = NAMED.get(part);
    if (named !== undefined) return [named];
    return part.startsWith('\u001b') || part < ' ' ? [] : [part];
  });
}
