// A member that is bytes: Node's Buffer counts, text and arrays of numbers do not.
import { z } from 'zod';

export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');
