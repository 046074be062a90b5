<?php
// The helpdesk's published PHP sample with its slips corrected: it says what was answered in one line of JSON, ends with
// 1 when the session is blank or the library raises, and names its arguments.
// Arguments: the WSDL's address, username, password, then those of api_openTicket without the session, in their order.

ini_set('soap.wsdl_cache_enabled', '0');
[, $wsdl, $username, $password] = $argv;
$ticket = array_slice($argv, 4);

try {
    $client = new SoapClient($wsdl);
    $sid = $client->api_login($username, $password);
    if (strlen($sid) === 0) {
        echo "The session is blank.\n";
        exit(1);
    }
    echo json_encode($client->api_openTicket($sid, ...$ticket)), "\n";
} catch (SoapFault $fault) {
    echo "{$fault->faultcode}: {$fault->faultstring}\n";
    exit(1);
}
