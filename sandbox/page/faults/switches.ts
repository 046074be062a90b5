import type { Fixture } from '../fixture.ts';
import type { FaultGroupView, SwitchView } from '../protocol.ts';
import { botSwitches, mailSwitches, storeSwitches, timeSwitches } from './bot-switches.ts';
import { discordGroups } from './discord-switches.ts';
import { helpdeskGroups } from './helpdesk-switches.ts';
import type { Switch, SwitchGroup } from './switch.ts';

/** Everything that can go wrong, in groups. */
export class Switches {
  readonly #groups: readonly SwitchGroup[];
  readonly #byName: ReadonlyMap<string, Switch>;
  readonly #on = new Set<Switch>();
  /** When a moment last happened, in milliseconds since 1970. */
  readonly #happenedAt = new Map<Switch, number>();

  constructor(fixture: Fixture) {
    this.#groups = [
      ...helpdeskGroups(fixture.world.helpdesk),
      mailSwitches(fixture.world.mailbox),
      ...discordGroups(fixture),
      storeSwitches(fixture.bot),
      botSwitches(fixture.bot),
      timeSwitches(fixture),
    ];
    this.#byName = new Map(this.#groups.flatMap(({ switches }) => switches).map((one) => [one.name, one]));
  }

  list(): FaultGroupView[] {
    return this.#groups.map(({ title, note, switches }) => ({
      title,
      note,
      switches: switches.map((one) => this.#view(one)),
    }));
  }

  /**
   * Turns one on or off; one that is a moment happens when it is turned on. Turning twice changes nothing.
   * @returns false when there is none of this name.
   */
  async set(name: string, isOn: boolean): Promise<boolean> {
    const found = this.#byName.get(name);
    if (!found) return false;
    if (found.kind === 'moment') {
      if (!isOn) return true;
      await found.set(true);
      this.#happenedAt.set(found, Date.now());
    } else if (this.#isOn(found) !== isOn) {
      if (isOn) this.#on.add(found);
      else this.#on.delete(found);
      await found.set(isOn);
    }
    return true;
  }

  /** Turns off everything that is on. What has happened stays so. */
  async reset(): Promise<void> {
    for (const { name } of [...this.#byName.values()].filter((one) => this.#isOn(one))) await this.set(name, false);
    this.#happenedAt.clear();
  }

  #isOn(one: Switch): boolean {
    return one.isOn ? one.isOn() : this.#on.has(one);
  }

  #view(one: Switch): SwitchView {
    const { name, label, explanation, kind, isFrequent = false } = one;
    return { name, label, explanation, kind, isFrequent, isOn: this.#isOn(one), happenedAt: this.#happenedAt.get(one) };
  }
}
