// A name that people give: one line of text.
import { z } from 'zod';

/** What moves a cursor, ends a line or hides text in a terminal, a file or a log. */
const CONTROL = /\p{Cc}/u;

/** Blanks around it are taken off first: a line break at the end of what somebody pastes is no fault. */
export const plainName = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((name) => !CONTROL.test(name), 'a name holds no control characters, such as a line break or a tab');
