import type {
  Act,
  ActResult,
  FaultGroupView,
  InspectorView,
  ModalView,
  PersonChoice,
  PersonView,
  PlaceView,
  SupportAct,
  SwitchView,
} from '../protocol.ts';
import { DIRECT_MESSAGES, readAddress, writeAddress } from './address.ts';
import { fetchPeople, follow, resetSwitches, sendAct, sendSupportAct, setSwitch } from './connection.ts';
import type { Surroundings } from './discord/message/render-markdown.ts';
import { countNew, ReadMarks } from './read-marks.ts';
import { factsOf } from './tour/facts.ts';
import { TourGuide } from './tour/tour-guide.ts';

export const TABS = ['tickets', 'mailbox', 'attempts', 'calls', 'log', 'faults'] as const;
export type Tab = (typeof TABS)[number];

const HALVES = ['discord', 'inspector'] as const;

/** A form on the screen. */
export interface OpenModal {
  readonly view: ModalView;
  /** Why it was not sent. */
  readonly problem?: string | undefined;
  readonly isSending: boolean;
}

/** Something that was asked of the bot and has no answer yet, or got none in time. Shown below the messages. */
export interface Asked {
  readonly id: number;
  readonly channelId: string;
  readonly what: string;
  readonly failure: string | undefined;
}

/** What became of copying a code. */
export interface CopiedCode {
  readonly code: string;
  readonly isCopied: boolean;
}

/** Milliseconds for which it says that a code was copied: afterwards something else may have been. */
const COPIED_MS = 10_000;

/** Where the menu of a message stands open. Pixels in the window. */
export interface OpenMenu {
  readonly messageId: string;
  readonly x: number;
  readonly y: number;
}

/** All that is on the screen, and what one can do. Knows nothing of how it is drawn. */
export class Page {
  people: readonly PersonChoice[] = [];
  personId = '';
  view: PersonView | undefined;
  inspector: InspectorView | undefined;
  faults: readonly FaultGroupView[] = [];
  isConnected = false;
  /** Which half is seen where both do not fit. */
  half: (typeof HALVES)[number] = 'discord';
  tab: Tab = 'tickets';
  modal: OpenModal | undefined;
  menu: OpenMenu | undefined;
  /** By message: why the last click on it came to nothing. */
  readonly failures = new Map<string, string>();
  /** The buttons that wait for an answer, as `message/custom ID`. */
  readonly busy = new Set<string>();
  asked: readonly Asked[] = [];
  /** Said to screen readers. What others see of the same stands where it happens. */
  announcement = '';
  /** The code that was copied last, or that the browser did not copy. */
  copied: CopiedCode | undefined;
  highlightedTicket: string | undefined;
  /** Whether the list of members stands over the messages, where there is no room beside them. */
  areMembersAskedFor = false;
  /** Messages that came while somebody was reading further up. */
  newBelow = 0;

  readonly guide = new TourGuide();

  readonly #draw: () => void;
  readonly #channelOf = new Map<string, string>();
  readonly #readMarks = new ReadMarks();
  #isAtEnd = true;
  #wantsEnd = false;
  #stream: { close(): void } | undefined;
  #nextId = 1;

  /** @param draw Called after each change. */
  constructor(draw: () => void) {
    this.#draw = () => {
      this.guide.follow(factsOf(this));
      draw();
    };
  }

  async start(): Promise<void> {
    this.people = await fetchPeople();
    const { person, place, tab, half } = readAddress(location.search);
    this.tab = TABS.find((name) => name === tab) ?? this.tab;
    this.half = HALVES.find((name) => name === half) ?? this.half;
    const first = this.people.find(({ name }) => name === person) ?? this.people[0];
    if (first) this.be(first.id, place);
  }

  /** Who one is at the moment. */
  get person(): PersonChoice | undefined {
    return this.people.find(({ id }) => id === this.personId);
  }

  /** The query of the address under which all of this is found again. */
  get address(): string {
    const [first] = this.people;
    const { person, place, tab, half } = this;
    const isFirstPlace = place === undefined || place === this.view?.places[0];
    return writeAddress({
      person: person === first ? undefined : person?.name,
      place: isFirstPlace ? undefined : place.server === undefined ? DIRECT_MESSAGES : place.name,
      tab: tab === TABS[0] ? undefined : tab,
      half: half === HALVES[0] ? undefined : half,
    });
  }

  /**
   * Sees Discord with another person's eyes. What was being done stays with whom it was done as.
   * @param placeName Where to begin, as it stands in the address.
   */
  be(personId: string, placeName?: string): void {
    this.#stream?.close();
    this.personId = personId;
    this.view = undefined;
    this.modal = undefined;
    this.menu = undefined;
    this.asked = [];
    this.failures.clear();
    this.#beginAtEnd();
    this.#stream = follow(personId, {
      discord: (view) => {
        const before = this.view && this.place;
        if (!this.view && placeName !== undefined) this.#begin(view, placeName);
        this.view = view;
        if (!this.#isAtEnd) this.newBelow += countNew(before, this.place);
        this.#noteSeen();
        this.#draw();
      },
      inspector: (view) => {
        this.inspector = view;
        this.#draw();
      },
      faults: (groups) => {
        this.faults = groups;
        this.#draw();
      },
      connected: (isConnected) => {
        this.isConnected = isConnected;
        this.#draw();
      },
      // Begins again in the new world, without the ticket of the old one that the address may name.
      over: () => location.replace(`/${location.search}`),
    });
    this.#draw();
  }

  /** The channel on the screen. */
  get place(): PlaceView | undefined {
    const places = this.view?.places ?? [];
    return places.find(({ channelId }) => channelId === this.#channelOf.get(this.personId)) ?? places[0];
  }

  go(channelId: string): void {
    this.#channelOf.set(this.personId, channelId);
    this.menu = undefined;
    this.areMembersAskedFor = false;
    this.#beginAtEnd();
    this.#noteSeen();
    this.#draw();
  }

  /** What texts are read with. */
  get surroundings(): Surroundings {
    return { names: this.view?.names ?? {}, now: this.now };
  }

  /** The time in this world, in milliseconds since 1970: it can be ahead of the machine's. */
  get now(): number {
    return Date.now() + (this.view?.aheadMs ?? 0);
  }

  /** Whether something was written there since it was last looked at. */
  isUnread(place: PlaceView): boolean {
    return this.#readMarks.isUnread(this.personId, place);
  }

  /** Goes to the newest message, with the next drawing. */
  goToEnd(): void {
    this.#wantsEnd = true;
    this.newBelow = 0;
    this.#draw();
  }

  /** Whether the next drawing has to end at the newest message. Asked for once. */
  takeWayToEnd(): boolean {
    const wantsEnd = this.#wantsEnd;
    this.#wantsEnd = false;
    return wantsEnd;
  }

  #beginAtEnd(): void {
    this.#isAtEnd = true;
    this.newBelow = 0;
  }

  /** Somebody has scrolled, or the messages have moved by themselves. */
  noteScroll(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
    if (!isAtEnd || this.newBelow === 0) return;
    this.newBelow = 0;
    this.#draw();
  }

  show(change: Partial<Pick<Page, 'half' | 'tab' | 'menu' | 'modal' | 'areMembersAskedFor'>>): void {
    Object.assign(this, change);
    this.#draw();
  }

  /** Follows a link to a ticket. */
  showTicket(reference: string): void {
    this.highlightedTicket = reference;
    this.show({ half: 'inspector', tab: 'tickets' });
  }

  say(words: string): void {
    this.announcement = words;
    this.#draw();
  }

  async copy(code: string): Promise<void> {
    const isCopied = await navigator.clipboard.writeText(code).then(
      () => true,
      () => false,
    );
    const copied = { code, isCopied };
    this.copied = copied;
    this.say(isCopied ? `Copied ${code}` : `This browser does not let a page copy. The code is ${code}`);
    if (!isCopied) return;
    setTimeout(() => {
      if (this.copied !== copied) return;
      this.copied = undefined;
      this.#draw();
    }, COPIED_MS);
  }

  async write(channelId: string, text: string): Promise<void> {
    this.goToEnd();
    const result = await this.#act({ kind: 'say', channelId, text });
    if (result.kind === 'held-back') this.#fail(channelId, 'your message', result.reason);
  }

  async useCommand(channelId: string, name: string, options: Readonly<Record<string, string | number>>): Promise<void> {
    await this.#ask(channelId, `/${name}`, { kind: 'slash', channelId, name, options });
  }

  async useMessageCommand(channelId: string, name: string, messageId: string): Promise<void> {
    this.menu = undefined;
    await this.#ask(channelId, name, { kind: 'message-command', channelId, name, messageId });
  }

  /** Presses a button, or chooses in a select menu, of a message. */
  async use(messageId: string, act: Extract<Act, { kind: 'click' | 'select' }>): Promise<void> {
    const key = `${messageId}/${act.customId}`;
    if (this.busy.has(key)) return;
    this.busy.add(key);
    this.failures.delete(messageId);
    this.#draw();
    const result = await this.#act(act);
    this.busy.delete(key);
    if (result.kind === 'modal') this.modal = { view: result.modal, isSending: false };
    else if (result.kind !== 'done') this.failures.set(messageId, failureWords(result));
    this.#draw();
  }

  async dismiss(messageId: string): Promise<void> {
    await this.#act({ kind: 'dismiss', messageId });
  }

  /** Sends the open form. One that fails stays open, with everything that was typed. */
  async submit(values: Readonly<Record<string, string | readonly string[]>>): Promise<void> {
    const { modal } = this;
    if (!modal || modal.isSending) return;
    this.show({ modal: { view: modal.view, isSending: true } });
    const result = await this.#act({ kind: 'submit', modalId: modal.view.id, values });
    // Closed meanwhile, or another one has been opened: then there is nothing to tell it.
    if (this.modal?.view.id !== modal.view.id) return;
    if (result.kind === 'done') this.show({ modal: undefined });
    else if (result.kind === 'modal') this.show({ modal: { view: result.modal, isSending: false } });
    else this.show({ modal: { view: modal.view, isSending: false, problem: failureWords(result) } });
  }

  async turn({ name, kind, isOn, label }: SwitchView): Promise<void> {
    await setSwitch(name, kind === 'moment' || !isOn).catch(() => undefined);
    this.say(kind === 'moment' ? `${label}: done` : `${label}: ${isOn ? 'off' : 'on'}`);
  }

  /** @returns Whether the helpdesk has taken it. */
  async actAsSupport(act: SupportAct): Promise<boolean> {
    const isDone = await sendSupportAct(act).then(
      () => true,
      () => false,
    );
    this.say(isDone ? 'The helpdesk has it' : 'The sandbox does not answer');
    return isDone;
  }

  async resetFaults(): Promise<void> {
    await resetSwitches().catch(() => undefined);
    this.say('Everything is turned off');
  }

  beginTour(index: number): void {
    this.guide.begin(index, factsOf(this));
    this.#draw();
  }

  leaveTour(): void {
    this.guide.leave();
    this.#draw();
  }

  forget(asked: Asked): void {
    this.asked = this.asked.filter((one) => one !== asked);
    this.#draw();
  }

  /** Uses a command: until it is answered, that it was sent stands below the messages. */
  async #ask(channelId: string, what: string, act: Act): Promise<void> {
    const asked: Asked = { id: this.#nextId++, channelId, what, failure: undefined };
    this.asked = [...this.asked, asked];
    this.goToEnd();
    const result = await this.#act(act);
    this.asked = this.asked.filter((one) => one !== asked);
    if (result.kind === 'modal') this.modal = { view: result.modal, isSending: false };
    else if (result.kind !== 'done') this.#fail(channelId, what, failureWords(result));
    this.#draw();
  }

  #fail(channelId: string, what: string, failure: string): void {
    this.asked = [...this.asked, { id: this.#nextId++, channelId, what, failure }];
    this.#draw();
  }

  async #act(act: Act): Promise<ActResult> {
    try {
      return await sendAct(this.personId, act);
    } catch {
      return { kind: 'held-back', reason: 'The sandbox does not answer. Is it still running?' };
    }
  }

  #begin({ places }: PersonView, placeName: string): void {
    const place = places.find(({ server, name }) => (server === undefined ? DIRECT_MESSAGES : name) === placeName);
    if (place) this.#channelOf.set(this.personId, place.channelId);
  }

  #noteSeen(): void {
    this.#readMarks.note(this.personId, this.view?.places ?? [], this.place);
  }
}

function failureWords(result: Extract<ActResult, { kind: 'failed' | 'held-back' }>): string {
  return result.kind === 'failed' ? 'This interaction failed' : result.reason;
}
