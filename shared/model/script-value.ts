// One value that a script is told.
import { z } from 'zod';

/** A path or a sentence; an environment has room for all of them together. */
const MAX_SCRIPT_VALUE = 1_024;

export const ScriptValue = z.string().max(MAX_SCRIPT_VALUE);
