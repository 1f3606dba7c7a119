// Limits of the commands that attack the console's HTTP face and what it shows; a part of test/limits.ts.
import type { Limits } from './limits.ts';

export const FACE_LIMITS: Readonly<Record<string, Limits>> = {
  'security hostile-device': {
    texts: { min: 10_000, why: 'each has a mark of its own' },
    given: {
      min: 10_000,
      why: 'the promise: so many came as far as a page in a real browser',
      quick: { min: 1_000 },
    },
    drawn: { min: 4_000, why: 'lists draw what is in view: a part of them stood in a page', quick: { min: 60 } },
    pages: { min: 250, why: 'every list, and devices enough to be given every text', quick: { min: 5 } },
    byPeople: { min: 100, why: 'people fill fields too', quick: { min: 5 } },
    faults: { max: 0, why: 'nothing ran, loaded, left, or was put into a page, and no policy was broken' },
    refusesMarkup: { min: 1, why: 'the browser refuses to make markup of a text' },
    unguarded: { min: 5, why: 'the same texts run where a page takes them as markup', quick: { min: 1 } },
  },
  'security cmd-injection': {
    types: { min: 11, why: 'every kind of parameter that an action has' },
    texts: { min: 5_500, why: 'the promise: five hundred for each' },
    taken: { min: 1_000, why: 'texts of the registry and scripts are taken as they are: quoting alone holds them' },
    posix: { min: 16_500, why: 'each through three shells', quick: { min: 5_500 } },
    powershell: { min: 5_500, why: 'each as a literal, and the script that holds it as one' },
    scripts: { min: 9, why: 'whole scripts for Linux with all that their schemas take: of these texts none' },
    escapes: { max: 0, why: 'a value is a value' },
    careless: { min: 40, why: 'the same texts act where they stand in double quotes', quick: { min: 10 } },
    brokenLiterals: { min: 40, why: 'and break a literal whose quotes are not doubled', quick: { min: 10 } },
  },
  'security paths': {
    texts: { min: 2_000, why: 'the promise is two thousand', quick: { min: 400 } },
    doors: { min: 11, why: 'web, logins, hooks, variables, vault, profiles, imports: where names lead to files' },
    tries: { min: 22_000, why: 'each text at each door', quick: { min: 4_400 } },
    outside: { max: 0, why: 'no door reads, writes or looks at anything beyond its own folder' },
    changed: { max: 0, why: 'and what stands beside it is what it was' },
    inside: { min: 5, why: 'names that are names are taken: doors that are walls prove nothing', quick: { min: 1 } },
    careless: { min: 200, why: 'the same texts lead a program out that joins them to its folder', quick: { min: 40 } },
  },
  'security routes': {
    operations: { min: 100, why: 'every route of the contract', quick: { min: 5 } },
    requests: { min: 14_000, why: 'each in sixty other ways, by nobody and by an owner', quick: { min: 600 } },
    control: { min: 1, why: 'what an owner reads is told as a breach where nobody had the right to it' },
    files: { min: 20, why: 'ways to files beside the folder of the web' },
    breaches: { max: 0, why: 'no way opens a route to who may not use it, or leads to a file outside' },
    broken: { max: 0, why: 'no way ends in a fault of ours or in silence' },
    plainRefused: { min: 90, why: 'by its own path nobody comes in either', quick: { min: 4 } },
    plainAnswered: { min: 100, why: 'and an owner does: routes that refuse all prove nothing', quick: { min: 5 } },
  },
  'bench web': {
    entryJsKb: { max: 200, why: 'the promise, gzipped' },
    entryCssKb: { max: 20, why: 'the promise, gzipped' },
    largestPageJsKb: { max: 60, why: 'the promise, gzipped' },
    elsewhere: { max: 0, why: 'a closed site has no other network: nothing is asked of anybody but the console' },
    // Under --quick other suites share the machine; ten times fewer devices do not make up for it.
    usableMs: {
      max: 1_500,
      why: 'the promise: 10,000 devices at 4x CPU slow-down and 9 Mb/s, cold, with a letter typed and drawn',
      quick: { max: 20_000 },
    },
    // A quarter of a second there is 60 ms on this machine; the promise above counts the letter too.
    keyMs: { max: 250, why: 'a letter typed the moment rows stand, on the slow machine', quick: { max: 2_000 } },
    // Processor time of the main thread, here and below: what it takes where a core is free.
    tickMs: {
      max: 4,
      why: "the promise: a thousand devices changed, read, parsed, rendered, styled and laid out; the browser's painting is below",
      quick: { max: 60 },
    },
    tickPaintedMs: { max: 16, why: 'the same and painted: a frame at 60 Hz has 16.7 ms', quick: { max: 80 } },
    sortMs: { max: 50, why: 'the promise: from the press to the frame with the new order', quick: { max: 300 } },
    filterMs: { max: 50, why: 'the promise: from the letter to the frame with what fits', quick: { max: 300 } },
  },
  'web sizes': {
    entryJsKb: { max: 200, why: 'gzipped: on screen within 1.5 s at 9 Mb/s and a quarter of a processor' },
    entryCssKb: { max: 20, why: 'gzipped: style blocks the first paint' },
    largestPageJsKb: { max: 60, why: 'gzipped: a page opened by a press must not be waited for' },
    terminalJsKb: {
      max: 130,
      why: 'gzipped: it comes beside the opening of a shell, which takes a second and a signature',
    },
  },
};
