import type {
  FaultGroupView,
  InspectorView,
  PersonChoice,
  PersonView,
  PlaceView,
  SupportAct,
  SwitchView,
} from '../protocol.ts';
import { DIRECT_MESSAGES, readAddress, writeAddress } from './address.ts';
import { fetchPeople, follow, resetSwitches, sendSupportAct, setSwitch } from './connection.ts';
import type { Surroundings } from './discord/message/render-markdown.ts';
import { DiscordActs } from './discord-acts.ts';
import { countNew, ReadMarks } from './read-marks.ts';
import { factsOf } from './tour/facts.ts';
import { TourGuide } from './tour/tour-guide.ts';

export const TABS = ['tickets', 'mailbox', 'attempts', 'calls', 'log', 'faults'] as const;
export type Tab = (typeof TABS)[number];

const HALVES = ['discord', 'inspector'] as const;

/** What became of copying a code. */
export interface CopiedCode {
  readonly code: string;
  readonly isCopied: boolean;
}

/** Milliseconds for which it says that a code was copied: afterwards something else may have been. */
const COPIED_MS = 10_000;

/** All that is on the screen, and what one can do. Knows nothing of how it is drawn. */
export class Page extends DiscordActs {
  people: readonly PersonChoice[] = [];
  view: PersonView | undefined;
  inspector: InspectorView | undefined;
  faults: readonly FaultGroupView[] = [];
  isConnected = false;
  /** Which half is seen where both do not fit. */
  half: (typeof HALVES)[number] = 'discord';
  tab: Tab = 'tickets';
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

  /** @param draw Called after each change. */
  constructor(draw: () => void) {
    super();
    this.#draw = draw;
  }

  protected override redraw(): void {
    this.guide.follow(factsOf(this));
    this.#draw();
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
    this.dropAll();
    this.#beginAtEnd();
    this.#stream = follow(personId, {
      discord: (view) => {
        const before = this.view && this.place;
        if (!this.view && placeName !== undefined) this.#begin(view, placeName);
        this.view = view;
        if (!this.#isAtEnd) this.newBelow += countNew(before, this.place);
        this.#noteSeen();
        this.redraw();
      },
      inspector: (view) => {
        this.inspector = view;
        this.redraw();
      },
      faults: (groups) => {
        this.faults = groups;
        this.redraw();
      },
      connected: (isConnected) => {
        this.isConnected = isConnected;
        this.redraw();
      },
      // Begins again in the new world, without the ticket of the old one that the address may name.
      over: () => location.replace(`/${location.search}`),
    });
    this.redraw();
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
    this.redraw();
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
  override goToEnd(): void {
    this.#wantsEnd = true;
    this.newBelow = 0;
    this.redraw();
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
    this.redraw();
  }

  show(change: Partial<Pick<Page, 'half' | 'tab' | 'menu' | 'modal' | 'areMembersAskedFor'>>): void {
    Object.assign(this, change);
    this.redraw();
  }

  /** Follows a link to a ticket. */
  showTicket(reference: string): void {
    this.highlightedTicket = reference;
    this.show({ half: 'inspector', tab: 'tickets' });
  }

  say(words: string): void {
    this.announcement = words;
    this.redraw();
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
      this.redraw();
    }, COPIED_MS);
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
    this.redraw();
  }

  leaveTour(): void {
    this.guide.leave();
    this.redraw();
  }

  #begin({ places }: PersonView, placeName: string): void {
    const place = places.find(({ server, name }) => (server === undefined ? DIRECT_MESSAGES : name) === placeName);
    if (place) this.#channelOf.set(this.personId, place.channelId);
  }

  #noteSeen(): void {
    this.#readMarks.note(this.personId, this.view?.places ?? [], this.place);
  }
}
