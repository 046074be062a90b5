/** One operation as the helpdesk registers it with NuSOAP. Every argument is declared an xsd:string. */
export interface HelpdeskOperation {
  readonly name: string;
  readonly documentation: string;
  /** In the order in which they count; NuSOAP hands them on by position. */
  readonly parts: readonly string[];
  /** The declared type of the one part that it returns, named `return`. */
  readonly returns: string;
}

/** A type that the helpdesk declares for what an operation returns. */
export type ComplexType =
  | {
      readonly kind: 'struct';
      readonly name: string;
      /** In their order, with their declared types. */
      readonly fields: readonly (readonly [name: string, type: string])[];
    }
  | { readonly kind: 'array'; readonly name: string; readonly itemType: string };

/** What api_openTicket returns. */
export const OPEN_TICKET_RETURN = {
  kind: 'struct',
  name: 'openTicket_return',
  fields: [
    ['status', 'xsd:string'],
    ['status_text', 'xsd:string'],
    ['ticket_reference_id', 'xsd:int'],
  ],
} as const satisfies ComplexType;

/** A post as api_viewTicket hands it on. What says whether the customer may read it gets lost on the way. */
export const VIEWED_POST = {
  kind: 'struct',
  name: 'viewTicket_post',
  fields: [
    ['email', 'xsd:string'],
    ['full_name', 'xsd:string'],
    ['dateline', 'xsd:string'],
    ['contents', 'xsd:string'],
  ],
} as const satisfies ComplexType;

export const VIEWED_POSTS = {
  kind: 'array',
  name: 'viewTicket_posts',
  itemType: 'viewTicket_post',
} as const satisfies ComplexType;

export const VIEWED_TICKET = {
  kind: 'struct',
  name: 'viewTicket_result',
  fields: [
    ['ticket_reference_id', 'xsd:string'],
    ['full_name', 'xsd:string'],
    ['email', 'xsd:string'],
    ['subject', 'xsd:string'],
    ['creationtime', 'xsd:string'],
    ['statustitle', 'xsd:string'],
    ['prioritytitle', 'xsd:string'],
    ['lastactivity', 'xsd:string'],
    ['posts', 'tns:viewTicket_posts'],
  ],
} as const satisfies ComplexType;

/** What api_viewTicket returns. The names of this type and of those in it are made up: the published ones are not known. */
export const VIEW_TICKET_RETURN = {
  kind: 'struct',
  name: 'viewTicket_return',
  fields: [
    ['status', 'xsd:string'],
    ['status_text', 'xsd:string'],
    ['result', 'tns:viewTicket_result'],
  ],
} as const satisfies ComplexType;

/** What api_ticketPost returns. */
export const TICKET_POST_RETURN = {
  kind: 'struct',
  name: 'ticketPost_return',
  fields: [
    ['status', 'xsd:string'],
    ['status_text', 'xsd:string'],
  ],
} as const satisfies ComplexType;

/** In the order of the WSDL. */
export const COMPLEX_TYPES: readonly ComplexType[] = [
  OPEN_TICKET_RETURN,
  VIEWED_POST,
  VIEWED_POSTS,
  VIEWED_TICKET,
  VIEW_TICKET_RETURN,
  TICKET_POST_RETURN,
];

/** The operations that the bot calls, out of the about one hundred of the real helpdesk. */
export const OPERATIONS: readonly HelpdeskOperation[] = [
  {
    name: 'api_login',
    documentation: 'Logs in and returns the ID of a session, or a blank one when the login is wrong.',
    parts: ['username', 'password'],
    returns: 'xsd:string',
  },
  {
    name: 'api_get_ima',
    documentation: 'Tells whether the account of the session is a client or an admin.',
    parts: ['sid'],
    returns: 'xsd:string',
  },
  {
    name: 'api_openTicket',
    documentation: 'This command creates a new ticket in our system.',
    parts: ['sid', 'user_email', 'user_ip', 'subject', 'product', 'body', 'box_auth_value'],
    returns: `tns:${OPEN_TICKET_RETURN.name}`,
  },
  {
    name: 'api_viewTicket',
    documentation: 'Returns a ticket with its posts.',
    parts: ['sid', 'ticketID'],
    returns: `tns:${VIEW_TICKET_RETURN.name}`,
  },
  {
    name: 'api_ticketPost',
    documentation: 'Adds a post to a ticket, in the name of its customer.',
    parts: ['sid', 'ticketID', 'content'],
    returns: `tns:${TICKET_POST_RETURN.name}`,
  },
];

/** What a client writes into its SOAPAction header, and NuSOAP looks up when it does not know the element's name. */
export function soapActionOf(operation: HelpdeskOperation): string {
  return `urn:myapi#${operation.name}`;
}
