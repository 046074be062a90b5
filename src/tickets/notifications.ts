import type { Clock } from '../clock.ts';
import { notify, removeNotification } from './lifecycle/deliver.ts';
import type { Notification, PersonRecord } from './lifecycle/person-record.ts';
import type { Ending } from './lifecycle/send.ts';
import type { RequestRecords } from './request-records.ts';
import type { TicketDraft } from './ticket-drafts.ts';

/** What the author of a message learns of an attempt in their name; undefined when nothing was opened. */
export function notificationOf(ending: Ending, { submitter, escalated }: TicketDraft): Notification | undefined {
  if (!escalated) return undefined;
  return authorNotification(ending, { moderatorId: submitter.id, messageUrl: escalated.url });
}

export function authorNotification(
  ending: { readonly kind: Ending['kind'] | 'received' | 'sending'; readonly reference?: string | undefined },
  from: { readonly moderatorId: string; readonly messageUrl: string },
): Notification | undefined {
  if (ending.kind === 'opened') {
    const { reference } = ending;
    return { kind: 'opened-in-your-name', ...(reference !== undefined && { reference }), ...from };
  }
  return ending.kind === 'unconfirmed' ? { kind: 'maybe-opened-in-your-name', ...from } : undefined;
}

/** What people are told at their next command, beside outcomes. It stands in their own record. */
export class Notifications {
  readonly #records: RequestRecords;
  readonly #clock: Clock;
  /** Those that are told in another way at this moment. */
  readonly #inDelivery = new Map<string, number>();

  constructor({ records, clock }: { records: RequestRecords; clock: Clock }) {
    this.#records = records;
    this.#clock = clock;
  }

  /** Adds a notification, once for each `id`. @throws {StorageError} */
  async add(userId: string, id: string, about: Notification): Promise<void> {
    await this.#records.change({ submitterId: userId }, {}, ({ record }) => ({
      record: notify(record, id, about, this.#clock.now()),
      result: undefined,
    }));
  }

  /** It was shown. Never rejects: what the store does not take is kept and written later. */
  async remove(userId: string, id: string): Promise<void> {
    const apply = (record: PersonRecord) => removeNotification(record, id);
    const decide = ({ record }: { record: PersonRecord }) => ({
      record: apply(record),
      result: undefined,
    });
    await this.#records.state({ submitterId: userId }, {}, decide, apply);
  }

  /**
   * Tells a notification in another way than at the next command, which does not show it meanwhile. It is sent only when it
   * has not been told yet, and stays for the next command when it could not be sent. @throws What `send` throws.
   */
  async tell(userId: string, id: string, send: (about: Notification) => Promise<unknown>): Promise<void> {
    if (this.isInDelivery(userId, id)) return;
    await this.during(userId, id, async () => {
      const { notifications } = await this.#records.find(userId);
      const found = notifications.find((notification) => notification.id === id);
      if (!found) return;
      await send(found.about);
      await this.remove(userId, id);
    });
  }

  /** Does what tells a notification, or makes it needless: the next command does not show it meanwhile. @throws What `act` throws. */
  async during(userId: string, id: string, act: () => Promise<void>): Promise<void> {
    const key = `${userId}/${id}`;
    this.#inDelivery.set(key, (this.#inDelivery.get(key) ?? 0) + 1);
    try {
      await act();
    } finally {
      const left = (this.#inDelivery.get(key) ?? 0) - 1;
      if (left > 0) this.#inDelivery.set(key, left);
      else this.#inDelivery.delete(key);
    }
  }

  isInDelivery(userId: string, id: string): boolean {
    return this.#inDelivery.has(`${userId}/${id}`);
  }
}
