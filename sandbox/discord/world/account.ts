/** A person or the bot, as Discord stores them. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly bot: boolean;
  locale: string;
  /** False refuses the bot's direct messages with 50007. */
  directMessagesOpen: boolean;
}
