/** Colours of the bar of a card. The words say the same: nobody has to see a colour. */
const GREEN = 0x2e_a0_43;
const AMBER = 0xd2_99_22;
const RED = 0xda_36_33;
const GREY = 0x6e_76_81;
const BLUE = 0x38_8b_fd;

/**
 * What a private message is about, with the colour of its card and the ID of the card's container. Discord keeps the ID and shows
 * it to nobody: programs that read our messages know by it what was said, whatever the words are.
 */
export const REPLY_KINDS = {
  /** The ticket is open. */
  opened: { id: 1001, colour: GREEN },
  /** It was open before; nothing was sent now. */
  'already-opened': { id: 1002, colour: GREEN },
  /** It may or may not be open. */
  unsure: { id: 1003, colour: AMBER },
  /** The helpdesk said no. Nothing was opened. */
  refused: { id: 1004, colour: RED },
  /** Nothing was opened, and the text is saved. */
  'not-sent': { id: 1005, colour: GREY },
  /** It is being sent, or waits for its turn. */
  'under-way': { id: 1006, colour: GREY },
  /** The text is stored no more. */
  gone: { id: 1007, colour: GREY },
  /** Why a form does not open. No text was written yet. */
  closed: { id: 1008, colour: GREY },
  /** A person's own texts. */
  text: { id: 1009, colour: GREY },
  /** Linking an account, as far as it went. */
  link: { id: 1010, colour: GREY },
  linked: { id: 1011, colour: GREEN },
  /** What is stored about a person. */
  account: { id: 1012, colour: GREY },
  /** What was opened for a person. */
  tickets: { id: 1016, colour: BLUE },
  /** Moderators' business. */
  moderation: { id: 1013, colour: BLUE },
  /** The click or command did nothing, through no fault of the bot. */
  declined: { id: 1014, colour: GREY },
  /** A fault of the bot. */
  failed: { id: 1015, colour: RED },
} as const;

export type ReplyKind = keyof typeof REPLY_KINDS;
