import type { HelpdeskKind } from '../helpdesk-kind.ts';
import { isMyAdminAddress } from './account-address.ts';
import { helpdeskChecks } from './helpdesk-checks.ts';
import { createSoapHelpdeskClient } from './soap-helpdesk-client.ts';

/** MyAdmin, over SOAP. */
export const MY_ADMIN: HelpdeskKind = {
  createClient: (settings, deps) => createSoapHelpdeskClient({ ...settings, ...deps }),
  checks: helpdeskChecks,
  takesAddress: isMyAdminAddress,
};
