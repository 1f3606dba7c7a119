// How much of memory a message that waits takes, about: its texts, and what every object costs.

/** Promises, objects and their members. */
const OVERHEAD = 1_024;

/** Characters of all texts in `message`, wherever they stand in it. */
export const textSize = (message: unknown): number => OVERHEAD + charactersOf(message);

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, member) => sum + charactersOf(member), 0);
}
