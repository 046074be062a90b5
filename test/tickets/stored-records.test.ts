import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';
import { personRecord } from '../../src/tickets/lifecycle/person-record.ts';
import { TicketDrafts } from '../../src/tickets/ticket-drafts.ts';
import { EMPTY_FIELDS } from '../../src/tickets/ticket-fields.ts';

/**
 * One record of each form that a released version has stored, as it stood there. Never change one: the bots that wrote them are
 * somewhere. Whoever changes the form of a record adds the new one, and gives what the others lack a default.
 */
const DRAFTS: Readonly<Record<string, Record<string, unknown>>> = {
  '0.2.0, of a ticket': {
    id: 'Zk3RmTlhNWsyZ1hE',
    submitter: { id: '100000000000000001', name: 'ada' },
    place: {
      guildId: '200000000000000001',
      guildName: 'Example',
      channelId: '300000000000000001',
      channelName: 'help',
    },
    fields: { subject: 'Server does not boot', product: 'VPS', body: 'It stops at GRUB.' },
    behalf: 'self',
    createdAt: 1_800_000_000_000,
  },
  '0.2.0, of an escalation': {
    id: 'Zk3RmTlhNWsyZ1hE',
    submitter: { id: '100000000000000001', name: 'mia' },
    place: { guildId: '200000000000000001', channelId: '300000000000000001' },
    fields: { subject: 'Server does not boot', product: '', body: '> It stops at GRUB.' },
    behalf: 'author',
    escalated: {
      id: '400000000000000001',
      url: 'https://discord.com/channels/200000000000000001/300000000000000001/400000000000000001',
      author: { id: '100000000000000002', name: 'ben' },
      writtenAt: 1_800_000_000_000,
    },
    createdAt: 1_800_000_000_000,
  },
  '0.2.0, in a direct message': {
    id: 'Zk3RmTlhNWsyZ1hE',
    submitter: { id: '100000000000000001', name: 'ada' },
    place: {},
    fields: { subject: 'Server does not boot', product: '', body: 'It stops at GRUB.' },
    behalf: 'self',
    createdAt: 1_800_000_000_000,
  },
  '0.3.0, of an answer': {
    id: 'Zk3RmTlhNWsyZ1hE',
    submitter: { id: '100000000000000001', name: 'ada' },
    place: { guildId: '200000000000000001', channelId: '300000000000000001' },
    fields: { subject: 'Reply to KVO-530-34143', product: '', body: 'It does now.' },
    behalf: 'self',
    answers: { ticketId: '500000000000000002', reference: 'KVO-530-34143' },
    createdAt: 1_800_000_000_000,
  },
};

const PEOPLE: Readonly<Record<string, unknown>> = {
  '0.2.0': {
    requests: [
      {
        id: 'Zk3RmTlhNWsyZ1hE',
        attempts: [
          {
            id: '500000000000000001',
            sequence: 1,
            receivedAt: 1_800_000_000_000,
            stage: { kind: 'not-sent', reason: { kind: 'invalid', issues: [{ field: 'subject', problem: 'blank' }] } },
            stageAt: 1_800_000_000_000,
            words: 'bm90IGEgcmVhbCBkaWdlc3Q',
            delivery: 'delivered',
          },
          {
            id: '500000000000000002',
            sequence: 2,
            receivedAt: 1_800_000_000_000,
            stage: { kind: 'opened', reference: 'KVO-530-34143' },
            stageAt: 1_800_000_000_000,
            words: 'bm90IGEgcmVhbCBkaWdlc3Q',
            owner: 'a-process',
            delivery: 'next-command',
            waitsSince: 1_800_000_000_000,
            usesTakenAt: 1_800_000_000_000,
          },
        ],
        related: [],
        confirmed: [],
        textUntil: 1_800_086_400_000,
      },
    ],
    notifications: [{ id: 'n', at: 1_800_000_000_000, about: { kind: 'link-decided', approved: true } }],
    nextSequence: 3,
    livesUntil: 1_802_592_000_000,
  },
  '0.3.0, with an answer': {
    requests: [
      {
        id: 'Zk3RmTlhNWsyZ1hE',
        answers: 'KVO-530-34143',
        attempts: [
          {
            id: '500000000000000003',
            sequence: 1,
            receivedAt: 1_800_000_000_000,
            stage: { kind: 'unconfirmed', cause: 'timeout' },
            stageAt: 1_800_000_000_000,
            words: 'bm90IGEgcmVhbCBkaWdlc3Q',
            owner: 'a-process',
            delivery: 'pending',
            lookedBefore: { ticketId: '500000000000000002', words: 'bm90IGEgcmVhbCBkaWdlc3Q', posts: 1 },
          },
        ],
        related: [],
        confirmed: [],
        textUntil: 1_800_086_400_000,
      },
    ],
    notifications: [],
    nextSequence: 2,
    livesUntil: 1_802_592_000_000,
  },
};

test.each(Object.entries(DRAFTS))(
  'a draft of version %s is read, with every field that there is now',
  async (_, stored) => {
    const storage = await openStorage({ url: 'sqlite::memory:', keys: [] });
    onTestFinished(() => storage.close());
    const { id, submitter } = stored as { id: string; submitter: { id: string } };
    await storage.records('drafts', z.unknown()).save(`${submitter.id}/${id}`, stored);
    const found = await new TicketDrafts(storage, { lifetimeMs: 1, now: Date.now }).find(submitter.id, id);
    expect(found).toEqual({ ...stored, fields: { ...EMPTY_FIELDS, ...(stored.fields as object) } });
  },
);

test.each(Object.entries(PEOPLE))(
  'the record of a person of version %s is read, and nothing of it is lost',
  (_, stored) => {
    expect(personRecord.parse(stored)).toMatchObject(stored as object);
  },
);
