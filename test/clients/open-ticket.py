"""The helpdesk's published Python sample, which does not parse as it stands. Corrected: it imports sys, is written for
Python 3, and hands api_openTicket its arguments.

Arguments: the WSDL's address, username, password, then those of api_openTicket without the session, in their order.
"""

import json
import logging
import sys

from suds.client import Client

# suds writes the answers that it cannot read to its log, and raises as well.
logging.disable(logging.CRITICAL)
address, username, password, *ticket = sys.argv[1:]

try:
    client = Client(address, cache=None)
    sid = client.service.api_login(username, password)
    if not sid:
        print("The session is blank.")
        sys.exit(1)
    print(json.dumps(Client.dict(client.service.api_openTicket(sid, *ticket))))
except Exception as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(1)
