// The one error the decoder throws, whatever the bytes.
import { AppError } from '#shared/base/errors.ts';

export const malformed = (detail: string): AppError => new AppError('frame-malformed', `samples: ${detail}`);
