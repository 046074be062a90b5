import { openStorage } from '../../src/storage/open-storage.ts';
import { openedTicketsRecord } from '../../src/tickets/opened/opened-tickets-record.ts';
import { watchDue } from '../../src/tickets/watching/watch-schedule.ts';

/** What the bot knows of a ticket of which its person was to be told, for a report. Nobody else may have the store open. */
export async function describeWatchedTicket(url: string, userId: string, reference: string): Promise<string> {
  const storage = await openStorage({ url, keys: [] });
  try {
    const opened = await storage.records('opened-tickets', openedTicketsRecord).find(userId);
    const due = await storage.records('watched-tickets', watchDue).find(userId);
    const ticket = opened?.tickets.find((one) => one.reference === reference);
    return JSON.stringify({ known: opened?.tickets.length ?? 0, watch: opened?.watch, due, ticket });
  } finally {
    await storage.close();
  }
}
