import { MY_ADMIN } from './helpdesk/my-admin.ts';
import type { HelpdeskKind } from './helpdesk-kind.ts';

/** The helpdesk at which this bot opens its tickets. Nothing else in the program knows which one it is. */
export const HELPDESK: HelpdeskKind = MY_ADMIN;
