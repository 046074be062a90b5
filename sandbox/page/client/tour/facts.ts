import type {
  ComponentView,
  FaultGroupView,
  InspectorView,
  MessageView,
  PersonChoice,
  PersonView,
  PlaceView,
} from '../../protocol.ts';

/** What is on the screen, as far as a tour looks at it. */
export interface Scene {
  readonly view: PersonView | undefined;
  readonly inspector: InspectorView | undefined;
  readonly faults: readonly FaultGroupView[];
  readonly person: PersonChoice | undefined;
  readonly place: PlaceView | undefined;
  readonly modal: unknown;
  readonly copied: unknown;
  readonly highlightedTicket: string | undefined;
}

/** What a tour looks at to know that a step was done. */
export interface Facts {
  readonly role: string;
  readonly place: string;
  readonly isFormOpen: boolean;
  /** Labels of the buttons on what the bot has told this person in private. */
  readonly privateButtons: ReadonlySet<string>;
  readonly mails: number;
  readonly tickets: number;
  readonly hasCopied: boolean;
  readonly highlightedTicket: string | undefined;
  readonly faults: ReadonlySet<string>;
  readonly isBotOnline: boolean;
  /** The last stage of this person's newest attempt, and whether they have been told. */
  readonly attempt: { readonly id: string; readonly stage: string; readonly isDelivered: boolean } | undefined;
}

export function factsOf(scene: Scene): Facts {
  const { view, inspector, person, place } = scene;
  const own = (view?.places ?? []).flatMap(({ messages }) => messages).filter(({ isEphemeral }) => isEphemeral);
  const newest = inspector?.attempts.find(({ userName }) => userName === person?.name);
  return {
    role: person?.role ?? '',
    place: place?.name ?? '',
    isFormOpen: scene.modal !== undefined,
    privateButtons: new Set(own.flatMap(buttonsOf)),
    mails: inspector?.mails.length ?? 0,
    tickets: inspector?.tickets.length ?? 0,
    hasCopied: scene.copied !== undefined,
    highlightedTicket: scene.highlightedTicket,
    faults: new Set(
      scene.faults
        .flatMap(({ switches }) => switches)
        .filter(({ isOn }) => isOn)
        .map(({ name }) => name),
    ),
    isBotOnline: view?.bot.isOnline === true,
    attempt: newest && { id: newest.id, stage: newest.stages.at(-1) ?? '', isDelivered: newest.isDelivered },
  };
}

function buttonsOf({ components }: MessageView): string[] {
  const labels = (one: ComponentView): string[] => [
    ...(one.label ? [one.label] : []),
    ...(one.components ?? []).flatMap(labels),
    ...(one.accessory ? labels(one.accessory) : []),
  ];
  return components.flatMap(labels);
}
