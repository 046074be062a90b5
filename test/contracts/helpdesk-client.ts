import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HelpdeskClient, HelpdeskError, type OpenTicketRequest } from '../../src/tickets/helpdesk-client.ts';

/** A helpdesk of its own for each test, and a client of it. */
export interface HelpdeskUnderTest {
  readonly client: HelpdeskClient;
  /** How many tickets there are at the helpdesk. */
  ticketCount(): number;
  /** The texts of all posts of a ticket, oldest first; the first one is its body. */
  postsOf(reference: string): readonly string[];
  /** Makes the helpdesk unreachable. */
  takeDown(): Promise<void>;
  /** Makes the helpdesk refuse the next ticket before it creates it. */
  refuseNext(): void;
  /** Makes the helpdesk open the next ticket and give no answer that tells so. */
  loseNextAnswer(): void;
  /** Makes the helpdesk open the next ticket and never answer; resolves when the request is there. */
  hangNext(): Promise<void>;
  /** Makes the helpdesk refuse the next look or reply, before it writes anything. */
  refuseNextOn(operation: 'view' | 'reply'): void;
  /** Makes the helpdesk do the next look or reply, and give no answer that tells so. */
  loseNextAnswerTo(operation: 'view' | 'reply'): void;
  /** Makes the helpdesk take the next look or reply and never answer; resolves when the request is there. */
  hangNextOn(operation: 'view' | 'reply'): Promise<void>;
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

      await expect(helpdesk.client.openTicket(REQUEST)).resolves.toMatchObject({
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

    /** Opens a ticket. @returns Its reference. */
    async function openTicket(): Promise<string> {
      const result = await helpdesk.client.openTicket(REQUEST);
      if (result.kind !== 'opened' || !result.reference) throw new Error(`The ticket is ${result.kind}.`);
      return result.reference;
    }

    test('a ticket is shown with its requester, its state and its posts, oldest first', async () => {
      const reference = await openTicket();
      await helpdesk.client.postReply({ reference, text: 'It is kernel 6.1.' });

      await expect(helpdesk.client.viewTicket(reference)).resolves.toMatchObject({
        kind: 'viewed',
        ticket: {
          reference,
          requesterEmail: REQUEST.requesterEmail,
          subject: REQUEST.subject,
          state: 'Open',
          posts: [
            { email: REQUEST.requesterEmail, contents: REQUEST.body },
            { email: REQUEST.requesterEmail, contents: 'It is kernel 6.1.' },
          ],
        },
      });
      expect(helpdesk.postsOf(reference)).toHaveLength(2);
    });

    test('a ticket that the helpdesk does not show is refused', async () => {
      const reference = await openTicket();
      helpdesk.refuseNextOn('view');

      await expect(helpdesk.client.viewTicket(reference)).resolves.toEqual({ kind: 'refused' });
      await expect(helpdesk.client.viewTicket('KVO-530-99999')).resolves.toEqual({ kind: 'refused' });
    });

    test('a look whose answer is lost is unreachable, and so is one that is called off', async () => {
      const reference = await openTicket();
      const unreachable = { kind: 'unreachable', cause: expect.any(HelpdeskError) };
      helpdesk.loseNextAnswerTo('view');
      await expect(helpdesk.client.viewTicket(reference)).resolves.toEqual(unreachable);
      const arrived = helpdesk.hangNextOn('view');
      const calledOff = new AbortController();
      const look = helpdesk.client.viewTicket(reference, calledOff.signal);
      await arrived;
      calledOff.abort();

      await expect(look).resolves.toEqual(unreachable);
    });

    test('a reply is posted once', async () => {
      const reference = await openTicket();

      await expect(helpdesk.client.postReply({ reference, text: 'One more thing.' })).resolves.toEqual({
        kind: 'posted',
      });
      expect(helpdesk.postsOf(reference)).toEqual([REQUEST.body, 'One more thing.']);
    });

    test('a reply that is refused comes with its reason, and is not written', async () => {
      const reference = await openTicket();
      helpdesk.refuseNextOn('reply');

      await expect(helpdesk.client.postReply({ reference, text: 'One more thing.' })).resolves.toEqual({
        kind: 'refused',
        reason: expect.stringMatching(/\S/),
      });
      expect(helpdesk.postsOf(reference)).toEqual([REQUEST.body]);
    });

    test('a lost answer leaves a reply unconfirmed, and it is not sent again', async () => {
      const reference = await openTicket();
      helpdesk.loseNextAnswerTo('reply');

      await expect(helpdesk.client.postReply({ reference, text: 'One more thing.' })).resolves.toEqual({
        kind: 'unconfirmed',
        cause: expect.any(HelpdeskError),
      });
      expect(helpdesk.postsOf(reference)).toEqual([REQUEST.body, 'One more thing.']);
    });

    test('a helpdesk that is down leaves looks and replies unreachable', async () => {
      const reference = await openTicket();
      await helpdesk.takeDown();
      await expect(helpdesk.client.viewTicket(reference)).resolves.toMatchObject({ kind: 'unreachable' });
      await expect(helpdesk.client.postReply({ reference, text: 'One more thing.' })).resolves.toMatchObject({
        kind: 'unreachable',
      });
    });

    test('close settles a look as unreachable and a reply under way as unconfirmed', async () => {
      const reference = await openTicket();
      const arrived = [helpdesk.hangNextOn('view'), helpdesk.hangNextOn('reply')];
      const look = helpdesk.client.viewTicket(reference);
      const reply = helpdesk.client.postReply({ reference, text: 'One more thing.' });
      await Promise.all(arrived);
      helpdesk.client.close();

      await expect(look).resolves.toMatchObject({ kind: 'unreachable', cause: { kind: 'closed' } });
      await expect(reply).resolves.toMatchObject({ kind: 'unconfirmed', cause: { kind: 'closed' } });
      await expect(helpdesk.client.viewTicket(reference)).resolves.toMatchObject({ kind: 'unreachable' });
      await expect(helpdesk.client.postReply({ reference, text: 'x' })).resolves.toMatchObject({ kind: 'unreachable' });
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
