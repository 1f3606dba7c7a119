// What somebody pastes, before it reaches a shell: several lines would run as they come.

const LINE_END = /\r\n|\r|\n/;

/** As a person counts them: what ends the last one begins no other. */
export const linesOf = (text: string): number => text.replace(/(?:\r\n|\r|\n)$/, '').split(LINE_END).length;

/** A line that has no end is edited before anybody presses Enter; every other runs as it comes. */
export const asksFirst = (text: string): boolean => LINE_END.test(text);

/** As much of it as a person reads before they say yes. */
const SHOWN_CHARACTERS = 2_000;

export const shownOf = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)} …` : text;
