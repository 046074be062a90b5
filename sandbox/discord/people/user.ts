import type { Activity } from '../../activity.ts';
import type { Account, Channel, DiscordWorld, Message } from '../world/discord-world.ts';
import type { Interaction } from '../world/interaction.ts';
import type { Act, Interactions } from '../world/interactions.ts';
import type { PublishedCommands } from '../world/published-commands.ts';
import { Place, type SandboxUser } from './place.ts';
import { type Patience, type Shown, ShownMessage, ShownModal } from './shown.ts';

export type { SandboxUser };

export interface UserDeps {
  readonly world: DiscordWorld;
  readonly commands: PublishedCommands;
  readonly interactions: Interactions;
  readonly activity: Activity;
  origin(): string;
}

export function createUser(deps: UserDeps, account: Account): SandboxUser {
  return new User(deps, account);
}

class User implements SandboxUser {
  readonly account: Account;
  readonly world: DiscordWorld;
  readonly commands: PublishedCommands;
  readonly activity: Activity;
  private readonly deps: UserDeps;
  private readonly views = new WeakMap<Message, ShownMessage>();

  constructor(deps: UserDeps, account: Account) {
    this.deps = deps;
    this.account = account;
    this.world = deps.world;
    this.commands = deps.commands;
    this.activity = deps.activity;
  }

  get id(): string {
    return this.account.id;
  }
  get name(): string {
    return this.account.name;
  }
  get origin(): string {
    return this.deps.origin();
  }

  in(channel: Channel): Place {
    return new Place(this, channel);
  }

  inDirectMessage(): Place {
    return new Place(this, this.world.directChannel(this.account));
  }

  closeDirectMessages(): void {
    this.account.directMessagesOpen = false;
  }

  openDirectMessages(): void {
    this.account.directMessagesOpen = true;
  }

  get messages(): ShownMessage[] {
    return [...this.world.messages.values()].filter((one) => this.sees(one)).map((one) => this.show(one));
  }

  sees(message: Message): boolean {
    return this.world.canSee(this.account, message);
  }

  find(message: { readonly id: string }): ShownMessage | undefined {
    const found = this.world.messages.get(message.id);
    return found && this.sees(found) ? this.show(found) : undefined;
  }

  waitFor(wanted: (message: ShownMessage) => boolean): Promise<ShownMessage> {
    return this.activity.until({
      look: () => this.messages.find(wanted),
      describe: () => `a certain message for ${this.name}; the last is: ${this.messages.at(-1)?.text ?? 'none'}`,
    });
  }

  show(message: Message): ShownMessage {
    const view = this.views.get(message) ?? new ShownMessage(this, message);
    this.views.set(message, view);
    return view;
  }

  begin(channel: Channel, act: Act): Interaction {
    if (channel.guild && !channel.guild.members.has(this.id)) {
      throw new Error(`${this.name} is not a member of ${channel.guild.name}`);
    }
    return this.deps.interactions.start(this.account, channel, act);
  }

  async act(channel: Channel, act: Act, { untilAcknowledged = false }: Patience = {}): Promise<Shown> {
    const interaction = this.begin(channel, act);
    return this.activity.until({
      look: () => this.seen(interaction, untilAcknowledged),
      describe: () => {
        const { name, acknowledgement } = interaction;
        return `the answer to ${name}, which ${acknowledgement === undefined ? 'was not acknowledged' : `was acknowledged with type ${acknowledgement}`}`;
      },
    });
  }

  private seen(interaction: Interaction, untilAcknowledged: boolean): Shown | undefined {
    const { outcome, original } = interaction;
    switch (outcome?.kind) {
      case 'modal':
        return new ShownModal(this, interaction, outcome.modal);
      case 'message':
        return this.show(outcome.message).belongsTo(interaction);
      case 'failed':
        return { kind: 'failed', reason: outcome.reason, interaction };
      case undefined:
        return untilAcknowledged && original ? this.show(original).belongsTo(interaction) : undefined;
    }
  }
}
