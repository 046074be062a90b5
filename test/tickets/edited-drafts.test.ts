import fc, { type Scheduler } from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Storage } from '../../src/storage/storage.ts';
import type { OpenTicketRequest, OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { openReusedStorage } from '../support/reused-storage.ts';
import { ADA, CALL_RESULTS, type CallEnding, createDesk, START, saysNothing, type Told } from './desk-harness.ts';

/** Forms of one person; the same words were written into each. */
const FORMS = 3;

/** What the person does with one of the forms, or what happens to the bot. `ends` is how the n-th call ends. */
const steps = fc.array(
  fc.record({
    form: fc.constantFrom(0, 0, 0, 1, 1, 1, 2),
    does: fc.constantFrom('submit', 'submit', 'edit', 'edit', 'edit', 'anyway', 'pause', 'die'),
    twice: fc.nat({ max: 9 }).map((luck) => luck === 9),
    ends: fc.constantFrom<CallEnding[]>('opened', 'refused', 'unreachable', 'unconfirmed'),
  }),
  { minLength: 2, maxLength: 12 },
);
type Step = Parameters<Parameters<typeof steps.map>[0]>[0][number];

/** A call of the helpdesk. */
interface Call {
  readonly attemptId: string;
  readonly form: number;
  readonly body: string;
  ends: CallEnding | 'in flight';
}

/** What a person does with several forms at once. */
class Scene {
  readonly problems: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #planned: readonly Step[];
  readonly #storage: Storage;
  readonly #calls: Call[] = [];
  /** For each form the calls that were made with it or with its words before one of its submits. */
  readonly #met = Array.from({ length: FORMS }, () => new Set<Call>());
  readonly #asked: (string | undefined)[] = [];
  /** For each form the attempts despite which the person chose to send. */
  readonly #confirmed = Array.from({ length: FORMS }, () => new Set<string>());
  readonly #submitted: Pick<Call, 'attemptId' | 'form' | 'body'>[] = [];
  #bot: ReturnType<Scene['start']>;
  readonly #drafts;

  constructor(scheduler: Scheduler, planned: readonly Step[], storage: Storage) {
    this.#scheduler = scheduler;
    this.#planned = planned;
    this.#storage = storage;
    this.#bot = this.start();
    this.#drafts = this.#bot.then(({ draft }) =>
      Array.from({ length: FORMS }, (_, form) => {
        const filledIn = draft('My server is down', 'It is');
        // The product makes no other ticket of it.
        return { ...filledIn, fields: { ...filledIn.fields, product: String(form) } };
      }),
    );
  }

  async start() {
    const desk = await createDesk({ storage: this.#storage, openTicket: (request) => this.#openTicket(request) });
    let die = () => {};
    const died = new Promise<void>((resolve) => {
      die = () => {
        desk.breakage.around = () => new Promise<never>(() => {});
        resolve();
      };
    });
    return { ...desk, die, died };
  }

  /** Whoever has pressed a button waits for what it comes to, except when the bot dies. */
  async play(): Promise<void> {
    const forms = Array.from({ length: FORMS }, () => Promise.resolve());
    const deaths: Promise<void>[] = [];
    for (const step of this.#planned) {
      if (step.does === 'die') deaths.push(this.#die());
      else forms[step.form] = (forms[step.form] ?? Promise.resolve()).then(() => this.#press(step));
    }
    await Promise.all([...forms, ...deaths]);
  }

  async #die(): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), 'die');
    this.#bot = this.#bot.then((bot) => this.#startAgain(bot));
    await this.#bot;
  }

  async #press({ form, does, twice }: Step): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), does);
    const drafts = await this.#drafts;
    const draft = drafts[form] as (typeof drafts)[number];
    const { fields } = draft;
    const question = this.#asked[form];
    if (does === 'edit') drafts[form] = { ...draft, fields: { ...fields, body: `${fields.body} still` } };
    if (does === 'anyway' && !question) return;
    const confirmed = does === 'anyway' ? question : undefined;
    if (confirmed) this.#confirmed[form]?.add(confirmed);
    const bot = await this.#bot;
    const submits = Array.from({ length: twice ? 2 : 1 }, () =>
      this.#submit(bot, form, { isPaused: does === 'pause', confirmed }),
    );
    await Promise.race([Promise.all(submits), bot.died]);
  }

  async #submit(
    { receive, send, keepUnsent, outcomeOf, deliver }: Awaited<ReturnType<Scene['start']>>,
    form: number,
    { isPaused, confirmed }: { isPaused: boolean; confirmed: string | undefined },
  ) {
    const drafts = await this.#drafts;
    const draft = drafts[form] as (typeof drafts)[number];
    const { body } = draft.fields;
    const id = `4000000000000000${String(this.#submitted.length + 1).padStart(2, '0')}`;
    for (const call of this.#calls) if (call.form === form || call.body === body) this.#met[form]?.add(call);
    this.#submitted.push({ attemptId: id, form, body });
    await receive(draft, id, { confirmed });
    const outcome = isPaused ? await keepUnsent(id, { kind: 'paused', notice: 'Later' }) : await send(id, {});
    // As the bot does before it tells somebody that nothing was opened.
    this.#hear(form, saysNothing(outcome) ? await outcomeOf(id) : outcome);
    await deliver(id);
  }

  async #openTicket({ product }: OpenTicketRequest): Promise<OpenTicketResult> {
    const form = Number(product);
    const submitted = await this.#sending(form);
    for (const { ends, attemptId } of this.#met[form] ?? []) {
      const mayBeTicket = ends === 'opened' || ends === 'unconfirmed' || ends === 'in flight';
      if (mayBeTicket && !this.#confirmed[form]?.has(attemptId)) {
        this.problems.push(`form ${form} was sent although it had met ${attemptId}, ${ends}`);
      }
    }
    const call: Call = { ...submitted, ends: 'in flight' };
    const ends = this.#planned[this.#calls.push(call) - 1]?.ends ?? 'refused';
    await this.#scheduler.schedule(Promise.resolve(), `the helpdesk answers: ${ends}`);
    // After a death nobody has heard the answer.
    if (call.ends === 'in flight') call.ends = ends;
    return CALL_RESULTS[ends];
  }

  /** What is sent with this form: the helpdesk itself does not know which submission it is. */
  async #sending(form: number) {
    const { attemptsOf } = await this.#bot;
    for (const { id, stage } of await attemptsOf(ADA.id)) {
      const submitted = this.#submitted.find((one) => one.attemptId === id && one.form === form);
      const isNew = !this.#calls.some(({ attemptId }) => attemptId === id);
      if (stage.kind === 'sending' && submitted && isNew) return submitted;
    }
    throw new Error('Nobody sends this');
  }

  async #startAgain({ die }: Awaited<ReturnType<Scene['start']>>) {
    die();
    for (const call of this.#calls) if (call.ends === 'in flight') call.ends = 'unconfirmed';
    const bot = await this.start();
    const drafts = await this.#drafts;
    for (const { draftId, attempt } of await bot.recover()) {
      this.#hear(
        drafts.findIndex((draft) => draft.id === draftId),
        await bot.outcomeOf(attempt.id),
      );
      await bot.deliver(attempt.id);
    }
    return bot;
  }

  #hear(form: number, outcome: Told): void {
    const { earlier } = outcome;
    const asked = outcome.attemptId ?? earlier?.attemptId;
    if (asked) this.#asked[form] = asked;
    const isHidden = saysNothing(outcome) && !earlier;
    if (isHidden && [...(this.#met[form] ?? [])].some(({ ends }) => ends === 'opened')) {
      this.problems.push(`form ${form} hears "${outcome.kind}" although there is a ticket`);
    }
  }
}

const reused = await openReusedStorage(() => START);
afterAll(() => reused.close());

test('however forms with the same words are edited and sent, none goes around a ticket that it has met', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), steps, async (scheduler, planned) => {
      const scene = new Scene(scheduler, planned, await reused.empty());
      await scheduler.waitFor(scene.play());
      expect(scene.problems).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
