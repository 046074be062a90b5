<?php
// Answers a ticket and looks at it, with PHP's SoapClient and the types of the WSDL: says both answers in one line of JSON.
// Arguments: the WSDL's address, username, password, the ticket, the text.

ini_set('soap.wsdl_cache_enabled', '0');
[, $wsdl, $username, $password, $ticket, $text] = $argv;

try {
    $client = new SoapClient($wsdl, ['features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
    $sid = $client->api_login($username, $password);
    $posted = $client->api_ticketPost($sid, $ticket, $text);
    echo json_encode(['posted' => $posted, 'viewed' => $client->api_viewTicket($sid, $ticket)]), "\n";
} catch (SoapFault $fault) {
    echo "{$fault->faultcode}: {$fault->faultstring}\n";
    exit(1);
}
