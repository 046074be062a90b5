/** One operation as the helpdesk registers it with NuSOAP. Every argument is declared an xsd:string. */
export interface HelpdeskOperation {
  readonly name: string;
  readonly documentation: string;
  /** In the order in which they count; NuSOAP hands them on by position. */
  readonly parts: readonly string[];
  /** The declared type of the one part that it returns, named `return`. */
  readonly returns: string;
}

/** The fields of the struct that api_openTicket returns, with their declared types. */
export const OPEN_TICKET_RETURN = {
  name: 'openTicket_return',
  fields: [
    ['status', 'xsd:string'],
    ['status_text', 'xsd:string'],
    ['ticket_reference_id', 'xsd:int'],
  ],
} as const;

/** The three operations that the bot calls, out of the about one hundred of the real helpdesk. */
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
];

/** What a client writes into its SOAPAction header, and NuSOAP looks up when it does not know the element's name. */
export function soapActionOf(operation: HelpdeskOperation): string {
  return `urn:myapi#${operation.name}`;
}
