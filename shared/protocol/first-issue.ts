// Names the first thing a schema found wrong: the member's path and what is the matter, never its value.
import type { z } from 'zod';

/** A FAULT's message has room for a thousand characters. */
const MAX_LENGTH = 300;

export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not as the schema says';
  const path = issue.path.map(String).join('.');
  const sentence = path === '' ? issue.message : `${path}: ${issue.message}`;
  return sentence.slice(0, MAX_LENGTH);
}
