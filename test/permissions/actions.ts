import { controlActions } from './control-actions.ts';
import { escalationActions } from './escalation-actions.ts';
import { ownActions } from './own-actions.ts';
import type { Action } from './tried.ts';

/** By the first column of the table in docs/operations.md. */
export const ACTIONS: Readonly<Record<string, Action>> = { ...ownActions, ...escalationActions, ...controlActions };
