// A part of a page that is there for those who have a right somewhere; the others would only read a refusal.
import type { ReactNode } from 'react';
import { useMay } from './may.ts';

export const Allowed = ({ needs, children }: { needs: string; children: ReactNode }) =>
  useMay(needs) ? children : null;
