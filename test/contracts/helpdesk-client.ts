import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HelpdeskClient, HelpdeskError, type OpenTicketRequest } from '../../src/tickets/helpdesk-client.ts';

/** A helpdesk of its own for each test, and a client of it. */
export interface HelpdeskUnderTest {
  readonly client: HelpdeskClient;
  /** How many tickets there are at the helpdesk. */
  ticketCount(): number;
  /** Makes the helpdesk unreachable. */
  takeDown(): Promise<void>;
  /** Makes the helpdesk refuse the next ticket before it creates it. */
  refuseNext(): void;
  /** Makes the helpdesk open the next ticket and give no answer that tells so. */
  loseNextAnswer(): void;
  /** Makes the helpdesk open the next ticket and never answer; resolves when the request is there. */
  hangNext(): Promise<void>;
  stop(): Promise<void>;
}

const REQUEST: OpenTicketRequest = {
  requesterEmail: 'ada@example.com',
  subject: 'Server does not boot',
  product: '',
  body: 'It stops at GRUB.',
};

/** What any HelpdeskClient must do, whatever it speaks. */
export function describeHelpdeskClient(name: string, start: () => Promise<HelpdeskUnderTest>): void {
  describe(`${name} is a helpdesk client:`, () => {
    let helpdesk: HelpdeskUnderTest;
    beforeEach(async () => {
      helpdesk = await start();
    });
    afterEach(async () => {
      helpdesk.client.close();
      await helpdesk.stop();
    });

    test('a ticket is opened once, and has a reference', async () => {
      const result = await helpdesk.client.openTicket(REQUEST);

      expect(result).toEqual({ kind: 'opened', reference: expect.stringMatching(/^\S+$/) });
      expect(helpdesk.ticketCount()).toBe(1);
    });

    test('two calls open two tickets', async () => {
      const results = await Promise.all([helpdesk.client.openTicket(REQUEST), helpdesk.client.openTicket(REQUEST)]);

      expect(new Set(results.map((result) => result.kind === 'opened' && result.reference)).size).toBe(2);
      expect(helpdesk.ticketCount()).toBe(2);
    });

    test('a refusal comes with its reason', async () => {
      helpdesk.refuseNext();

      await expect(helpdesk.client.openTicket(REQUEST)).resolves.toEqual({
        kind: 'refused',
        reason: expect.stringMatching(/\S/),
      });
      expect(helpdesk.ticketCount()).toBe(0);
    });

    test('a helpdesk that is down is unreachable', async () => {
      await helpdesk.takeDown();

      await expect(helpdesk.client.openTicket(REQUEST)).resolves.toEqual({
        kind: 'unreachable',
        cause: expect.any(HelpdeskError),
      });
    });

    test('a lost answer is unconfirmed, and the ticket is not sent again', async () => {
      helpdesk.loseNextAnswer();

      await expect(helpdesk.client.openTicket(REQUEST)).resolves.toEqual({
        kind: 'unconfirmed',
        cause: expect.any(HelpdeskError),
      });
      expect(helpdesk.ticketCount()).toBe(1);
    });

    test('check opens no ticket, and tells when the helpdesk is down', async () => {
      await expect(helpdesk.client.check()).resolves.toBeUndefined();
      expect(helpdesk.ticketCount()).toBe(0);
      await helpdesk.takeDown();
      await expect(helpdesk.client.check()).resolves.toBeInstanceOf(HelpdeskError);
    });

    test('close settles a call under way as unconfirmed, and later ones as unreachable', async () => {
      const arrived = helpdesk.hangNext();
      const call = helpdesk.client.openTicket(REQUEST);
      await arrived;
      helpdesk.client.close();

      await expect(call).resolves.toMatchObject({ kind: 'unconfirmed', cause: { kind: 'closed' } });
      await expect(helpdesk.client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unreachable' });
      await expect(helpdesk.client.check()).resolves.toMatchObject({ kind: 'closed' });
    });
  });
}
