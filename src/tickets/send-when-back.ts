import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AttemptIntake, ReceivedAttempt } from './attempt-intake.ts';
import type { HelpdeskClient } from './helpdesk-client.ts';
import { refusesLogin } from './helpdesk-failures.ts';
import type { HelpdeskQueue } from './helpdesk-queue.ts';
import { deliver } from './lifecycle/deliver.ts';
import { sentBefore } from './lifecycle/outcome-of.ts';
import { findAttempt, isLive, type PersonRecord } from './lifecycle/person-record.ts';
import { askWhenBack, forgetWhenBack, nextTryId, waitsForHelpdesk } from './lifecycle/when-back.ts';
import type { RequestRecords } from './request-records.ts';
import type { TicketDrafts } from './ticket-drafts.ts';

/** Milliseconds between two looks at a helpdesk that could not be reached. A chaos test has no minutes, and shortens them. */
export const WHEN_BACK_TIMES = {
  /** A look is one login. */
  lookAgainMs: 30_000,
  /** Where the login itself is refused: some systems lock an account, or an address, after a few. */
  afterRefusalMs: 10 * 60_000,
};

/** What a person asks for with "Send when it's back". */
export interface WhenBackRequest {
  /** The interaction's ID. */
  readonly id: string;
  readonly submitterId: string;
  readonly draftId: string;
  readonly reply: { readonly applicationId: string; readonly token: string; readonly until: number };
}

/** `not-waiting`: it is being sent, is gone, or sending it asks for a decision that only a person can make. */
export type WhenBackAnswer =
  | { readonly kind: 'waiting'; readonly until: number; readonly answers?: string | undefined }
  | { readonly kind: 'not-waiting' };

export interface SendWhenBackDeps {
  readonly records: RequestRecords;
  readonly drafts: TicketDrafts;
  readonly intake: AttemptIntake;
  readonly helpdesk: Pick<HelpdeskClient, 'check'>;
  readonly queue: Pick<HelpdeskQueue, 'isClosed'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sends a written-down attempt and tells its person what became of it, unless it still waits for the helpdesk. */
export type SendLater = (attempt: ReceivedAttempt) => Promise<void>;

/**
 * Sends texts as soon as the helpdesk answers again, for those who have asked for it and for nobody else. The word stands in the
 * person's record, so it survives this process; each try has an ID that follows from it, so two processes make one.
 */
export class SendWhenBack {
  readonly #deps: SendWhenBackDeps;
  /** Who has a text that may wait. What holds is read from the record before each try. */
  readonly #people = new Set<string>();
  #send: SendLater | undefined;
  #callOff: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #lookAgainMs = WHEN_BACK_TIMES.lookAgainMs;
  #isStopped = false;

  constructor(deps: SendWhenBackDeps) {
    this.#deps = deps;
  }

  /** Writes down that a text is to be sent when the helpdesk is back. @throws {StorageError} Then it may wait all the same. */
  async ask({ id, submitterId, draftId, reply }: WhenBackRequest): Promise<WhenBackAnswer> {
    const { records, drafts, clock } = this.#deps;
    const refs = { text: drafts.at(submitterId, draftId) };
    try {
      return await records.change<typeof refs, WhenBackAnswer>({ submitterId }, refs, ({ record, text }) => {
        const now = clock.now();
        const request = record.requests.find((one) => one.id === draftId);
        const asksAPerson =
          text?.escalated !== undefined || sentBefore(record, draftId, { submitterId, message: undefined, now });
        if (!text || asksAPerson) return { record, result: { kind: 'not-waiting' } };
        const until = request?.textUntil ?? text.createdAt + drafts.lifetimeMs;
        const event = { id, requestId: draftId, textUntil: until, reply };
        const answers = text.answers && (text.answers.reference ?? '');
        return { record: askWhenBack(record, event, now), result: { kind: 'waiting', until, answers } };
      });
    } finally {
      this.#lookAt(submitterId);
    }
  }

  /**
   * Takes the word back. A try that has begun goes on, and is the last one.
   * @returns false when that nothing was sent is not the whole truth: it is being sent, or was, be it with another form of the same
   * words. @throws {StorageError}
   */
  async cancel(submitterId: string, draftId: string): Promise<boolean> {
    const { records, clock } = this.#deps;
    return records.change({ submitterId }, {}, ({ record }) => {
      const request = record.requests.find(({ id }) => id === draftId);
      const now = clock.now();
      const held = request !== undefined && waitsForHelpdesk(request, now) !== undefined;
      const sent = sentBefore(record, draftId, { submitterId, message: undefined, now });
      return { record: forgetWhenBack(record, draftId), result: held && !sent };
    });
  }

  /** Removes a text, with the word to send it. @returns false when it is being sent: then it stays. @throws {StorageError} */
  async removeText(submitterId: string, draftId: string): Promise<boolean> {
    const { records, drafts } = this.#deps;
    const refs = { text: drafts.at(submitterId, draftId) };
    return records.change<typeof refs, boolean>({ submitterId }, refs, ({ record, text }) => {
      const request = record.requests.find(({ id }) => id === draftId);
      const after = forgetWhenBack(record, draftId);
      if (request?.attempts.some(isLive)) return { record: after, result: false };
      return { record: after, changes: { text: text && 'remove' }, result: true };
    });
  }

  /** Begins to send. @param send Called for one text at a time. */
  async start(send: SendLater): Promise<void> {
    this.#send = send;
    await this.find();
  }

  /** Looks for texts that wait, at the start and when another process is gone. Never rejects. */
  async find(): Promise<void> {
    const { records, log } = this.#deps;
    try {
      for await (const userId of records.openPeople()) {
        const { requests } = await records.find(userId);
        if (requests.some(({ whenBack }) => whenBack !== undefined)) this.#people.add(userId);
      }
    } catch (error) {
      log.error({ error }, 'the texts that wait for the helpdesk could not be looked up yet; the bot tries again');
      if (!this.#isStopped) this.#deps.clock.after(WHEN_BACK_TIMES.lookAgainMs, () => void this.find());
    }
    if (this.#people.size > 0) this.#lookSoon();
  }

  /** Begins nothing more. What is being sent goes on until `idle`. */
  stop(): void {
    this.#isStopped = true;
    this.#callOff?.();
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  #lookAt(userId: string): void {
    this.#people.add(userId);
    this.#lookSoon();
  }

  #lookSoon(): void {
    if (this.#isStopped || this.#running || !this.#send) return;
    this.#callOff?.();
    this.#callOff = undefined;
    const run = this.#look().finally(() => {
      this.#running = undefined;
      if (this.#people.size === 0 || this.#isStopped) return;
      this.#callOff = this.#deps.clock.after(this.#lookAgainMs, () => this.#lookSoon());
    });
    this.#running = run;
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const { helpdesk, queue, log } = this.#deps;
    this.#lookAgainMs = WHEN_BACK_TIMES.lookAgainMs;
    // While the helpdesk is left alone, it is left alone by this, too.
    if (queue.isClosed) return;
    const problem = await helpdesk.check();
    if (problem && refusesLogin(problem.kind)) this.#lookAgainMs = WHEN_BACK_TIMES.afterRefusalMs;
    if (problem) return;
    for (const userId of [...this.#people]) {
      if (this.#isStopped || queue.isClosed) return;
      // Whoever asks for another text meanwhile is here again.
      this.#people.delete(userId);
      try {
        if (await this.#sendAllOf(userId)) this.#people.add(userId);
      } catch (error) {
        this.#people.add(userId);
        log.error({ error }, 'a text that waits for the helpdesk could not be sent yet; the bot tries again');
      }
    }
  }

  /** @returns Whether something still waits. @throws {StorageError} */
  async #sendAllOf(userId: string): Promise<boolean> {
    const { records, clock } = this.#deps;
    const { requests } = await records.find(userId);
    let stillWaits = false;
    for (const request of requests) {
      if (!request.whenBack) continue;
      const word = waitsForHelpdesk(request, clock.now());
      const isSent = word ? await this.#sendOne(userId, request.id, nextTryId(request, word)) : true;
      if (isSent) await this.#forget(userId, request.id);
      else stillWaits = true;
    }
    return stillWaits;
  }

  /** @returns false when it still waits. @throws {StorageError} */
  async #sendOne(submitterId: string, draftId: string, id: string): Promise<boolean> {
    const { records, intake, clock } = this.#deps;
    const word = (await records.find(submitterId)).requests.find((one) => one.id === draftId)?.whenBack;
    if (!word || !this.#send) return true;
    const arrival = { id, submitterId, draftId, reply: word.reply, whenBack: word.id };
    const receipt = await intake.receive({ ...arrival, draftOf: (stored) => stored });
    // Another process has it and does what follows, or the word was taken back.
    if (receipt.kind !== 'received') return true;
    await this.#send(receipt.attempt);
    const request = (await records.find(submitterId)).requests.find((one) => one.id === draftId);
    return !request || waitsForHelpdesk(request, clock.now()) === undefined;
  }

  async #forget(submitterId: string, draftId: string): Promise<void> {
    const { records, clock } = this.#deps;
    await records.change({ submitterId }, {}, ({ record }) => {
      const request = record.requests.find(({ id }) => id === draftId);
      const isOver = request && !request.attempts.some(isLive) && !waitsForHelpdesk(request, clock.now());
      return { record: isOver ? forgetWhenBack(record, draftId) : record, result: undefined };
    });
  }

  /**
   * Says whether the person knows what a try came to, whatever was written before. A try that came to nothing is known: the
   * text waits on. Never rejects.
   */
  async note(submitterId: string, attemptId: string, delivery: 'delivered' | 'next-command'): Promise<void> {
    const { records, clock } = this.#deps;
    const apply = (record: PersonRecord) => {
      const attempt = findAttempt(record, attemptId)?.attempt;
      if (!attempt || isLive(attempt)) return record;
      return deliver(record, { attemptId, told: attempt.stage.kind, delivery }, clock.now());
    };
    const decide = ({ record }: { record: PersonRecord }) => ({ record: apply(record), result: undefined });
    await records.state({ submitterId, attemptId }, {}, decide, apply);
  }
}
