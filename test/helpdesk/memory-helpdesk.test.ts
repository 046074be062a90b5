import { describeHelpdeskClient } from '../contracts/helpdesk-client.ts';
import { MemoryHelpdesk } from '../support/memory-helpdesk.ts';

describeHelpdeskClient('a list in memory', async () => new MemoryHelpdesk());
