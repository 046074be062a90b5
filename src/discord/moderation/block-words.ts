import type { Block } from '../../tickets/desk-controls.ts';
import { escapeUserText } from '../replies/escape-user-text.ts';
import { timestamp } from '../replies/reply.ts';

/** UTF-16 units of a reason among others. */
const REASON_LENGTH = 120;

/** Until when somebody is blocked, by whom and why, on one line. */
export function blockWords({ moderatorId, at, until, reason }: Block): string {
  const end = until === undefined ? 'until unblocked' : `until ${timestamp(until, 'f')}`;
  const why = escapeUserText(reason.replace(/\s+/g, ' '), REASON_LENGTH);
  return `${end}, by <@${moderatorId}> ${timestamp(at, 'R')}: ${why}`;
}
