/** Something that a visitor can let go wrong. */
export interface Switch {
  /** No other switch has it. */
  readonly name: string;
  readonly label: string;
  /** What happens, where the label does not say all of it. */
  readonly explanation?: string;
  /** A `moment` happens when it is turned on, and is over. */
  readonly kind: 'lasting' | 'moment';
  /** Whether it is offered above all lists, too. */
  readonly isFrequent?: boolean;
  set(isOn: boolean): void | Promise<void>;
  /** Where something else than this switch can change it. */
  isOn?(): boolean;
}

export interface SwitchGroup {
  readonly title: string;
  readonly note?: string;
  readonly switches: readonly Switch[];
}
